import { ownValue } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import { effectTarget } from '../facts/names/texts.ts'
import type { StepSettings } from '../settings/landfall-file.ts'
import { suggestion } from '../settings/validate.ts'

/** The name under which a host of a check resolves in the cluster: names of services that no Service can have are replaced. */
export function validHost({ owners, plan }: Conversion, host: string): string {
  const names = owners.get(host.toLowerCase())?.plan.names
  return [...(names ?? []), ...plan.external].find(({ written }) => written === host)?.name ?? host
}

/** Host and port that a step of a check connects to; undefined for a command, and where a captured value decides. */
export function stepTarget({ http, tcp, dns }: StepSettings): ReturnType<typeof effectTarget> {
  const target = effectTarget({
    ...(http !== undefined && { http }),
    ...(tcp !== undefined && { tcp }),
    ...(dns !== undefined && { dns }),
  })
  return target?.host.includes('{{') ? undefined : target
}

/** Why a step can never succeed because of its host, and what to do. */
export function hostProblem(
  { owners, plan, settings }: Conversion,
  step: StepSettings,
): [message: string, hint: string] | undefined {
  const target = stepTarget(step)
  if (target === undefined) return undefined
  const host = target.host.toLowerCase()
  if (/^(localhost|127\.|0\.0\.0\.0$|\[::1?\]$|::1?$)/.test(host))
    return [
      `${target.host} is the test pod itself`,
      'checks run in a pod of their own: use the name of a service',
    ]
  const isKnown =
    owners.has(host) ||
    plan.external.some(({ written, name }) => host === written || host === name) ||
    ownValue(settings.external, target.host) !== undefined
  if (isKnown || /[.:]/.test(host)) return undefined
  const names = [...new Set([...owners.values()].map(({ service }) => service))]
  return [`no service of the project has the name ${target.host}`, suggestion(host, names)]
}

/** Every step of the checks of a project. */
export function stepsOf({ checks = {} }: Conversion['settings']): StepSettings[] {
  return Object.values(checks).flatMap(({ steps, within, ...single }) => steps ?? [single])
}
