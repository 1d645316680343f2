import { printWait } from '@landfall/kube'
import { listPorts, runsOf, spanText } from '../facts/ports/port-ranges.ts'
import type { Effect } from '../settings/landfall-file.ts'
import type {
  Plan,
  PlannedPort,
  PlannedProbe,
  PublishedPort,
  Reach,
  Route,
  ServicePlan,
  VolumePlan,
} from './plan.ts'

/** What was decided per service and why, as text for a terminal. */
export function renderPlan(plan: Plan): string {
  const volumes = plan.volumes.map((volume) => renderVolume(volume))
  const services = plan.services.map((service) => renderService(service, plan))
  return `${[`project ${plan.project}`, ...services, ...volumes].join('\n\n')}\n`
}

function renderService(service: ServicePlan, plan: Plan): string {
  const { kind, kindBecause, oncePerPod, replicas, image, names, ports, published, gates } = service
  const pods = kind === 'Deployment' && replicas !== 1 ? `, ${replicas} pods` : ''
  const rows: [string, string][] = [['image', image]]
  const add = (label: string, values: readonly string[]): void => {
    for (const [index, value] of values.entries()) rows.push([index === 0 ? label : '', value])
  }
  add(
    'names',
    (kind === 'Job' || oncePerPod !== undefined) && ports.length === 0
      ? []
      : [[...new Set(names.map(({ name }) => name))].join(', ')],
  )
  if (service.cutOff !== undefined) add('network', ['cut off by a NetworkPolicy'])
  if (kind !== 'Job' || ports.length > 0) add('reached', [renderReach(service.reach)])
  if (service.ownNames !== undefined) add('itself', [service.ownNames.join(', ')])
  add('ports', renderPorts(ports))
  add(
    '',
    service.unlisted.map(
      ({ first, last, protocol }) =>
        `${spanText(first, last)}/${protocol.toLowerCase()}  at the addresses of the pods: too many for a Service`,
    ),
  )
  add('outside', renderPublished(published))
  if (service.route !== undefined) add('outside', [renderRoute(service.route)])
  add(
    'waits for',
    gates.map(({ wait, because }) => `${printWait(wait)}  ${because.text}`),
  )
  if (service.readiness !== undefined) add('ready when', [renderProbe(service.readiness)])
  if (service.liveness !== undefined) add('alive while', [renderProbe(service.liveness)])
  if (service.oneShot?.doneWhen !== undefined)
    add('done when', [renderEffect(service.oneShot.doneWhen)])
  add(
    'files',
    service.files.map((m) => (m.tree ? `${m.target}/ (${m.files.length} files)` : m.target)),
  )
  add(
    'volumes',
    service.volumes.map(
      (m) =>
        `${m.volume} at ${m.target}${service.seeds.includes(m.volume) ? ', first filled from the image' : ''}`,
    ),
  )
  add(
    'scratch',
    service.scratch.map(({ target, memory }) => (memory ? `${target}, in memory` : target)),
  )
  const group = plan.pods.find(({ services }) => services.includes(service.service))?.oneNode?.group
  if (group !== undefined) add('node', [`the one of all that share ${group}`])
  const width = Math.max(...rows.map(([label]) => label.length))
  return [
    `${service.service}: ${service.pod === undefined ? `${kind}${pods}` : `${oncePerPod === undefined ? 'in the' : 'once in each'} pod of ${service.pod}`}, because ${kindBecause.text}`,
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
  ].join('\n')
}

const REACHED = {
  ready: 'when ready',
  always: 'ready or not',
  pods: 'as pods, ready or not, on every port',
}

function renderReach({ mode, because }: Reach): string {
  return `${REACHED[mode]}, because ${because.text}`
}

/** Neighbours that are known for one reason in one line. */
function renderPorts(ports: readonly PlannedPort[]): string[] {
  const reasons = [...new Set(ports.map(({ because }) => because.text))]
  return reasons.flatMap((because) =>
    listPorts(ports.filter((port) => port.because.text === because)).map(
      (listed) => `${listed}  ${because}`,
    ),
  )
}

/** The ports of a range in one line. */
function renderPublished(published: readonly PublishedPort[]): string[] {
  return runsOf(
    published,
    (a, b) =>
      a.range !== undefined &&
      a.range === b.range &&
      (a.nodePort === undefined) === (b.nodePort === undefined),
  ).map((run) => {
    const first = run[0] as PublishedPort
    const last = run.at(-1) as PublishedPort
    const number = (port: PublishedPort) => port.nodePort ?? port.hostPort ?? port.published
    const listed = `${spanText(first.port, last.port)}/${first.protocol.toLowerCase()}`
    const numbers = spanText(number(first) ?? first.port, number(last) ?? last.port)
    if (first.hostPort !== undefined) return `${listed} on ${numbers} of the node of its pod`
    if (first.balanced === true) return `${listed} on ${numbers} of a load balancer`
    if (first.nodePort !== undefined) return `${listed} on ${numbers}`
    return `${listed} on ${first === last ? 'a port' : 'ports'} that the cluster chooses`
  })
}

function renderVolume({ volume, claim, size, shared, external, mountedBy }: VolumePlan): string {
  const what = external ? `the claim ${claim}, which must exist` : `claim ${claim} of ${size}`
  return `volume ${volume}: ${what}${shared ? ', ReadWriteMany' : ''}\n  mounted by  ${mountedBy.join(', ')}`
}

function renderProbe({ action, because, period }: PlannedProbe): string {
  const what =
    'exec' in action
      ? action.exec.command.join(' ')
      : 'httpGet' in action
        ? `${action.httpGet.scheme.toLowerCase()}://:${action.httpGet.port}${action.httpGet.path}`
        : `port ${action.tcpSocket.port} accepts`
  return `${what}  ${because.text}, every ${period} s`
}

function renderRoute({ kind, host, path, port }: Route): string {
  return `${port}/tcp by ${kind === 'Ingress' ? 'an Ingress' : 'a Gateway'} at ${host ?? '*'}${path}`
}

/** An effect in the words of landfall.yaml. */
function renderEffect(effect: Effect): string {
  return Object.entries(effect)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ')
}
