import { parseSeconds } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type Callers, findCallers } from '../../facts/names/callers.ts'
import { inPodOf, podOf } from '../../facts/pods.ts'
import type { Because } from '../../plan/because.ts'
import type { Drain } from '../../plan/plan.ts'
import { rolloutOf } from '../rollout/decide.ts'
import { because } from './causes.ts'

/**
 * Seconds. A Service, its proxies and load balancers in front of them have taken an ending pod out by then; they learn of it at the
 * same time as the kubelet that stops it.
 */
const USUAL = 5

/** Seconds of a `drain` in landfall.yaml; undefined if omitted. A fraction counts as a whole one. */
export function declaredDrain({ settings: { drain } }: ServiceConversion): number | undefined {
  if (drain === undefined) return undefined
  return typeof drain === 'number' ? drain : Math.ceil(parseSeconds(drain) ?? 0)
}

/** The pause of each pod that has one, by its first service: all containers of a pod pause as long as the longest. */
export function decideDrains(conversion: Conversion): Map<string, Drain> {
  let callers: Callers | undefined
  const known = () => {
    callers ??= findCallers(conversion.services)
    return callers
  }
  const drains = new Map<string, Drain>()
  for (const own of conversion.services) {
    if (own.plan.pod !== undefined || own.plan.kind === 'Job') continue
    const others = inPodOf(conversion, own).filter(
      (other) => other !== own && other.plan.oncePerPod === undefined,
    )
    const together = [own, ...others]
    const rolls = rolloutOf(together, conversion.plan.volumes)?.strategy.type === 'RollingUpdate'
    const [longest] = together
      .flatMap((service) => drainOf(service, rolls, known) ?? [])
      .sort((a, b) => b.seconds - a.seconds)
    if (longest !== undefined) drains.set(own.service, longest)
  }
  return drains
}

function drainOf(
  service: ServiceConversion,
  rolls: boolean,
  callers: () => Callers,
): Drain | undefined {
  const declared = declaredDrain(service)
  if (declared !== undefined)
    return declared === 0 ? undefined : { seconds: declared, because: because('declared') }
  const why = rolls ? whoConnects(service, callers) : undefined
  return why === undefined ? undefined : { seconds: USUAL, because: why }
}

/** Who connects to a service from outside of its pod, as far as the project shows; undefined if nothing does. */
function whoConnects(target: ServiceConversion, callers: () => Callers): Because | undefined {
  const { service, plan } = target
  if (plan.cutOff !== undefined) return undefined
  if (plan.published.length > 0 || plan.route !== undefined)
    return because('published', { service })
  const outside = (others: Iterable<ServiceConversion>) =>
    [...others]
      .filter((other) => podOf(other) !== podOf(target))
      .map((other) => other.service)
      .sort()[0]
  const naming = outside(callers().naming(target))
  const depending = plan.ports.length > 0 ? outside(callers().all(target)) : undefined
  const other = naming ?? depending
  if (other !== undefined) return because('named', { other, service })
  return plan.ports.some(({ onlyExposed }) => onlyExposed !== true)
    ? because('ports', { service })
    : undefined
}
