import { ownValue } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf, reachableFrom } from '../../facts/dependencies.ts'
import { findCallers, namesOf } from '../../facts/names/callers.ts'
import { placeText, type TextPlace } from '../../facts/names/place.ts'
import { hostsIn, namesIn, namingTexts } from '../../facts/names/references.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import { podOf } from '../../facts/pods.ts'
import type { Because } from '../../plan/because.ts'
import { startEdges } from '../gates/edges.ts'
import { because } from './causes.ts'

/** Who may connect to a service before it is healthy and where that is written, if anybody does. */
export type EarlyQuestion = (target: ServiceConversion) => Because | undefined

/**
 * Who may connect to a service before it is healthy: another pod that names it or depends on it, and does not itself
 * wait, directly or through others, until it is healthy.
 */
export function earlyConnections(conversion: Conversion): EarlyQuestion {
  const { services } = conversion
  const callers = findCallers(services)
  const { named } = callers
  const after = startEdges(conversion)
  const healthy = healthyWaits(conversion)
  const waits = (pod: string, target: string): boolean =>
    [pod, ...reachableFrom(after, pod)].some((one) => healthy.get(one)?.has(target))
  const isEarly = (other: ServiceConversion, pod: string): boolean =>
    podOf(other) !== pod && !waits(podOf(other), pod)
  return (target) => {
    const pod = podOf(target)
    const names = namesOf(target)
    const [first] = [...callers.all(target)]
      .filter((other) => other.plan.replicas > 0 && isEarly(other, pod))
      .sort((one, other) => (one.service < other.service ? -1 : 1))
    if (first !== undefined) {
      const where = names.flatMap((name) => named.get(first)?.get(name) ?? []).sort()[0]
      return because('connects-early', { service: first.service, where: where ?? 'depends_on' })
    }
    const told = ownAddress(target)
    if (told === undefined) return undefined
    const caller = services.find(
      (other) =>
        (ownValue(target.compose.depends_on, other.service) !== undefined ||
          other.plan.names.some(({ name }) => named.get(target)?.has(name))) &&
        isEarly(other, pod),
    )
    return caller === undefined
      ? undefined
      : because('learns-early', { service: caller.service, where: told })
  }
}

/** What a variable is called that holds an address of the service itself. */
const OWN_ADDRESS = /advertis|host(name)?$|addr|url|uri|callback|external|public|endpoint/i

/** Where a service has an address of its own, beside its tests of health, which it may tell to those to which it connects. */
function ownAddress(service: ServiceConversion): string | undefined {
  const own = service.plan.names.flatMap(({ name, written }) => [name, written.toLowerCase()])
  const found = namingTexts(service).find((naming) => {
    if (isTest(naming.place) || !own.some((name) => namesIn(naming).has(name))) return false
    const { text, hosts } = hostsIn(naming)
    return hosts.some(({ name, at }) => {
      if (!own.includes(name)) return false
      const end = at + name.length
      return (
        /(:\/\/|@)$/.test(text.slice(Math.max(0, at - 3), at)) ||
        /^:\d/.test(text.slice(end, end + 2)) ||
        (OWN_ADDRESS.test(naming.variable ?? '') && text === name)
      )
    })
  })
  return found === undefined ? undefined : placeText(found.place)
}

/** Whether a text is a test of health, by its place or by the name of its variable or file. */
function isTest(place: TextPlace): boolean {
  if (place.kind === 'file') return /health|landfall/i.test(place.path)
  if ('variable' in place) return /health|landfall/i.test(place.variable)
  return TESTS.has(place.kind)
}

const TESTS = new Set<TextPlace['kind']>([
  'healthcheck',
  'image-healthcheck',
  'done-when',
  'settings',
])

/** For each pod: those that are healthy, or have shown an effect, before it starts. */
function healthyWaits(conversion: Conversion): Map<string, Set<string>> {
  const { services, serviceOf, owners } = conversion
  const waits = new Map<string, Set<string>>()
  for (const service of services) {
    const known = waits.get(podOf(service)) ?? new Set<string>()
    waits.set(podOf(service), known)
    const healthy = dependenciesOf(service)
      .filter(([, { condition }]) => condition === 'service_healthy')
      .map(([name]) => serviceOf(name))
    const shown = (service.settings.waitsFor ?? []).map((effect) => {
      const asks = [effect.http, effect.tcp, effect.zookeeper, effect.amqp, effect.sql].some(
        (one) => one !== undefined,
      )
      return asks ? owners.get(effectTarget(effect)?.host.toLowerCase() ?? '') : undefined
    })
    for (const target of [...healthy, ...shown])
      if (target !== undefined && podOf(target) !== podOf(service)) known.add(podOf(target))
  }
  return waits
}
