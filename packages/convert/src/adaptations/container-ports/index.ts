import type { Port } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import { stepsOf, stepTarget } from '../../checks/hosts.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { copyPortOf, copyPorts } from '../../facts/identity.ts'
import { databaseOf } from '../../facts/images/databases.ts'
import { usualPorts } from '../../facts/images/usual-ports.ts'
import { placeText } from '../../facts/names/place.ts'
import { namingTexts } from '../../facts/names/references.ts'
import { dialTexts, effectTarget } from '../../facts/names/texts.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { isInSpan, portRanges, spanText } from '../../facts/ports/port-ranges.ts'
import {
  type Dialled,
  dialledByOptions,
  dialledByPairs,
  dialledIn,
} from '../../facts/ports/referenced-ports.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { type Because, causes } from '../../plan/because.ts'
import type { PlannedPort, Protocol } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { offerOf, routedPort } from '../exposure/exposure.ts'
import { portName } from '../names-to-services/service-ports.ts'
import { reason } from './reasons.ts'

const because = causes('container-ports', {
  ports: 'ports',
  expose: 'expose',
  settings: 'landfall.yaml',
  routed: 'expose in landfall.yaml',
  checks: 'checks in landfall.yaml',
  image: 'EXPOSE of the image',
  usual: 'usual for this image, whose metadata is unknown',
  referenced: 'referenced by <service> (<where>)',
})

/** A Service with more is refused or slow; its name then gives the bare address, on which every port can be dialled. */
const MOST_PORTS = 200

function protocolOf(text: string | undefined): Protocol {
  const protocol = text?.toUpperCase()
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP'
}

/** `8080`, `53/udp`, `3000-3005`. */
function parsePorts(text: string, because: Because): PlannedPort[] {
  const match = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text)
  if (match === null) return []
  const first = Number(match[1])
  const last = Number(match[2] ?? first)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => ({
    port: first + offset,
    protocol: protocolOf(match[3]),
    because,
  }))
}

function addPort({ plan }: ServiceConversion, port: PlannedPort): void {
  const ofCopies = plan.identity === undefined ? [] : copyPorts(plan.identity)
  const known = [...plan.ports, ...ofCopies].some(
    (p) => p.port === port.port && p.protocol === port.protocol,
  )
  if (!known && port.port > 0 && port.port <= 65535) plan.ports.push(port)
}

function planDeclared(service: ServiceConversion): void {
  const { compose, settings, note } = service
  for (const { target, protocol } of compose.ports ?? ([] as Port[]))
    addPort(service, { port: target, protocol: protocolOf(protocol), because: because('ports') })
  for (const port of compose.expose?.flatMap((text) =>
    parsePorts(String(text), because('expose')),
  ) ?? [])
    addPort(service, port)
  if (compose.expose !== undefined) note(['expose'], reason('ports-of-service'))
  for (const text of (settings.ports ?? []).filter((text) => copyPortOf(text) === undefined))
    for (const port of parsePorts(String(text), because('settings'))) addPort(service, port)
}

/** Effects that a service asks over the network, of itself or of others. */
function effectsOf({ settings }: ServiceConversion): Effect[] {
  const { waitsFor = [], ready, alive } = settings
  const doneWhen = declaredOneShot(settings)?.doneWhen
  const sent = [settings.sql, ...(settings.before ?? []).map(({ sql }) => sql)].flatMap((sql) =>
    sql?.to === undefined ? [] : [{ sql: { to: sql.to } }],
  )
  return [...waitsFor, ready, alive, doneWhen, ...sent].filter((effect) => effect !== undefined)
}

function dialledBy(service: ServiceConversion, owners: Conversion['owners']): Dialled[] {
  const asked = effectsOf(service).flatMap((effect) => {
    const { host = '', port: written } = effectTarget(effect) ?? {}
    const owner = owners.get(host.toLowerCase())
    const isSql = (effect.not ?? effect).sql !== undefined
    const port = written ?? (isSql && owner !== undefined ? databaseOf(owner)?.port : undefined)
    return port === undefined
      ? []
      : [
          {
            host: host.toLowerCase(),
            port,
            place: { kind: 'settings' as const },
          },
        ]
  })
  const { environment } = service.image.facts
  return [
    ...asked,
    ...dialledByPairs({ ...environment, ...service.plan.environment }),
    ...dialTexts(service).flatMap(dialledIn),
    ...namingTexts(service).flatMap(({ text, place }) => dialledByOptions(text, place)),
  ]
}

/** What the image says last: a port that somebody declares or dials is known for that. */
function planExposed(service: ServiceConversion): void {
  const { plan, image } = service
  const { ports = [] } = image.facts
  // With none at all its names give the bare address, on which every port can be reached.
  if (image.unknown !== undefined && plan.ports.length > 0 && plan.kind !== 'Job')
    for (const text of usualPorts(plan.image))
      for (const port of parsePorts(text, because('usual')))
        addPort(service, { ...port, onlyExposed: true })
  const tooMany = ports.length > MOST_PORTS || ports.some((text) => text.includes('-'))
  if (plan.kind === 'Job' || plan.oncePerPod !== undefined || tooMany) return
  for (const text of ports)
    for (const port of parsePorts(text, because('image')))
      addPort(service, { ...port, onlyExposed: true })
}

/** Leaves out the largest ranges until the others are few enough. */
function leaveOutRanges(conversion: Conversion, service: ServiceConversion): void {
  const { compose, settings, plan } = service
  const declared = [compose.expose, settings.ports].flatMap((texts) =>
    (texts ?? [])
      .filter((text) => copyPortOf(text) === undefined)
      .map((text) => parsePorts(String(text), because('expose'))),
  )
  const published = portRanges(conversion, service).map(({ ports }) =>
    ports.map(({ target, protocol }) => ({ port: target, protocol: protocolOf(protocol) })),
  )
  const ranges = [...published, ...declared]
    .filter(({ length }) => length > 1)
    .sort((a, b) => b.length - a.length)
  for (const range of ranges) {
    const [first] = range
    if (plan.ports.length <= MOST_PORTS || first === undefined) return
    const { port, protocol } = first
    const span = { first: port, last: port + range.length - 1, protocol }
    plan.unlisted.push(span)
    plan.ports = plan.ports.filter((known) => !isInSpan(span, known))
    if (declaredHere(service, range))
      conversion.ledger.amend(
        service.at('expose'),
        reason('at-pod-addresses', {
          ports: `${spanText(span.first, span.last)}/${protocol.toLowerCase()}`,
        }),
      )
  }
}

function declaredHere({ compose }: ServiceConversion, range: readonly { port: number }[]): boolean {
  return (compose.expose ?? []).some(
    (text) => parsePorts(String(text), because('expose'))[0]?.port === range[0]?.port,
  )
}

/** The port behind an Ingress or a Gateway is one that the service listens on. */
function planRouted(conversion: Conversion, service: ServiceConversion): void {
  const port = routedPort(service, offerOf(conversion, service))
  if (port !== undefined) addPort(service, { port, protocol: 'TCP', because: because('routed') })
}

function dropTooMany({ compose, plan, note }: ServiceConversion): void {
  if (plan.ports.length <= MOST_PORTS) return
  plan.tooManyPorts = true
  plan.ports = []
  plan.unlisted = []
  if (compose.ports !== undefined) note(['ports'], reason('too-many-ports'))
}

/** Ports that checks connect to. A service without any port is reached on every port: one of a check would hide the others. */
function planChecked({ settings, owners, sharers }: Conversion): void {
  for (const step of stepsOf(settings)) {
    const { host = '', port } = stepTarget(step) ?? {}
    const owner = owners.get(host.toLowerCase())
    if (owner === undefined || port === undefined) continue
    for (const one of sharers.get(host.toLowerCase()) ?? [owner])
      if (one.plan.ports.length > 0)
        addPort(one, { port, protocol: 'TCP', because: because('checks') })
  }
}

function planDialled({ services, owners, sharers, plan, settings }: Conversion): void {
  for (const service of services)
    for (const { host, port, place } of dialledBy(service, owners)) {
      const dialled = owners.get(host)
      const referenced = because('referenced', {
        service: service.service,
        where: placeText(place),
      })
      const all = dialled === undefined ? [] : (sharers.get(host) ?? [dialled])
      for (const one of all) {
        addPort(one, { port, protocol: 'TCP', because: referenced })
        // What a config file names may be an example in a comment.
        if (one !== service && place.kind !== 'file') connect(service, one, port)
      }
      const outside = plan.external.find(({ written, name }) => host === name || host === written)
      if (
        outside?.address !== undefined &&
        ownValue(settings.external, outside.written)?.ports === undefined &&
        !outside.ports.some((known) => known.port === port)
      )
        outside.ports.push({ port, to: port, protocol: 'TCP' })
    }
}

/** Takes down who connects to a port of a service that goes on. A one-shot that completes has shown that it could. */
function connect(
  { service: by, plan: { kind } }: ServiceConversion,
  { plan, settings }: ServiceConversion,
  number: number,
): void {
  const goesOn = plan.kind !== 'Job' && plan.oncePerPod === undefined && plan.replicas > 0
  const port = plan.ports.find((known) => known.port === number && known.protocol === 'TCP')
  if (
    goesOn &&
    kind !== 'Job' &&
    port !== undefined &&
    settings.optionalPorts?.includes(number) !== true
  )
    port.connectedBy ??= by
}

export default {
  id: 'container-ports',
  reasons: reason,
  causes: because,
  title: 'Find the ports that a container listens on',
  plan(conversion) {
    for (const service of conversion.services) planDeclared(service)
    planDialled(conversion)
    for (const service of conversion.services) planExposed(service)
    planChecked(conversion)
    for (const service of conversion.services) leaveOutRanges(conversion, service)
    for (const service of conversion.services) dropTooMany(service)
    for (const { plan } of conversion.services)
      plan.ports.sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1))
    for (const service of conversion.services) planRouted(conversion, service)
  },
  build(draft) {
    for (const { plan, container } of containersOf(draft, 'program'))
      if (plan.ports !== undefined)
        container.ports = plan.ports.map(({ port, protocol, hostPort }) => ({
          name: portName({ port, protocol }),
          containerPort: port,
          protocol,
          ...(hostPort === undefined ? {} : { hostPort }),
        }))
  },
} satisfies Adaptation
