import type { KeptEffect, KeptWait, Wait } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { timesOf } from './times.ts'

/** Seconds, for an effect whose times are omitted. */
const USUAL = { interval: 10, failures: 3, timeout: 5 }

/** What the keeper tests for an effect. `owner`: who answers, if it is a service of the project; `after`: seconds, if omitted. */
export function keptEffect(
  effect: Effect,
  wait: KeptWait,
  { owner, own, after }: { owner: ServiceConversion | undefined; own: boolean; after: number },
): KeptEffect {
  return {
    wait,
    after,
    ...USUAL,
    ...timesOf(effect),
    ...(own ? { own: true as const } : owner !== undefined && { of: owner.service }),
  }
}

/** Whether the keeper can test a wait: it is in no volume and in no container of the project. */
export function isKept(wait: Wait | undefined): wait is KeptWait {
  return wait?.kind === 'http' || wait?.kind === 'tcp' || wait?.kind === 'dns'
}
