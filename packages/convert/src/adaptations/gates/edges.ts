import { ownValue } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { podOf } from '../../facts/pods.ts'
import type { Effect } from '../../settings/landfall-file.ts'

/** Whom a service waits for: its dependencies, and whoever answers to a name in its effects. */
export function waitEdges(conversion: Conversion): Map<string, string[]> {
  return new Map(
    conversion.services.map((service) => {
      const effects = effectsOf(service).flatMap((effect) => {
        // What must not be there need not be started.
        if (effect.not?.tcp !== undefined || effect.not?.dns !== undefined) return []
        const host = effect.job ?? effectTarget(effect)?.host
        return host === undefined ? [] : (conversion.owners.get(host.toLowerCase())?.service ?? [])
      })
      const dependencies = dependenciesOf(service).map(([name]) => name)
      const known = dependencies.filter((name) => conversion.serviceOf(name) !== undefined)
      return [service.service, [...new Set([...known, ...effects])].sort()]
    }),
  )
}

/**
 * Edges between what starts as one: pods, and the one-shots inside of them. These come after the server that they join,
 * and whoever waits until the pod is ready waits for them.
 */
export function startEdges(conversion: Conversion): Map<string, string[]> {
  const edges = new Map<string, Set<string>>()
  const add = (from: string, to: string): void => {
    edges.set(from, (edges.get(from) ?? new Set()).add(to))
  }
  const unitOf = (one: ServiceConversion) =>
    one.plan.oncePerPod === undefined ? podOf(one) : one.service
  const once = conversion.services.filter(({ plan }) => plan.oncePerPod !== undefined)
  for (const one of once) add(one.service, podOf(one))
  for (const [name, targets] of waitEdges(conversion)) {
    const from = conversion.serviceOf(name) as ServiceConversion
    for (const target of targets) {
      const to = conversion.serviceOf(target) as ServiceConversion
      if (from !== to && podOf(from) === podOf(to)) continue
      add(unitOf(from), unitOf(to))
      if (ownValue(from.compose.depends_on, target)?.condition === 'service_started') continue
      for (const one of once) if (podOf(one) === podOf(to)) add(unitOf(from), one.service)
    }
  }
  return new Map([...edges].map(([unit, reached]) => [unit, [...reached].sort()]))
}

/** A one-shot is complete when its effect holds, so those who wait for it wait for whoever shows the effect. */
function effectsOf({ settings }: ServiceConversion): Effect[] {
  const { waitsFor = [] } = settings
  const doneWhen = declaredOneShot(settings)?.doneWhen
  return doneWhen === undefined ? waitsFor : [...waitsFor, doneWhen]
}
