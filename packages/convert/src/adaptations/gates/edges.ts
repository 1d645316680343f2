import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/declared-one-shot.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import { effectTarget } from '../../facts/texts.ts'
import type { Effect } from '../../landfall-file.ts'

/** Whom a service waits for: its dependencies, and whoever answers to a name in its effects. */
export function waitEdges(conversion: Conversion): Map<string, string[]> {
  return new Map(
    conversion.services.map((service) => {
      const effects = effectsOf(service).flatMap((effect) => {
        const host = effect.job ?? effectTarget(effect)?.host
        return host === undefined ? [] : (conversion.owners.get(host.toLowerCase())?.service ?? [])
      })
      const dependencies = dependenciesOf(service).map(([name]) => name)
      const known = dependencies.filter((name) => conversion.serviceOf(name) !== undefined)
      return [service.service, [...new Set([...known, ...effects])].sort()]
    }),
  )
}

/** A one-shot is complete when its effect holds, so those who wait for it wait for whoever shows the effect. */
function effectsOf({ settings }: ServiceConversion): Effect[] {
  const { waitsFor = [] } = settings
  const doneWhen = declaredOneShot(settings)?.doneWhen
  return doneWhen === undefined ? waitsFor : [...waitsFor, doneWhen]
}
