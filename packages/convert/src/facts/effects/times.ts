import { parseSeconds } from '@landfall/compose'
import type { Effect } from '../../settings/landfall-file.ts'

/** The times of an effect in whole seconds; those that are omitted are missing. */
export interface EffectTimes {
  after?: number
  interval?: number
  failures?: number
  timeout?: number
}

/** Keys of an effect that are times. */
export const TIME_KEYS = ['after', 'interval', 'failures', 'timeout'] as const

/** Reads the times of an effect. A test takes, and two tests are apart, at least one second. */
export function timesOf({ after, interval, failures, timeout }: Effect): EffectTimes {
  return {
    ...(after !== undefined && { after: seconds(after) }),
    ...(interval !== undefined && { interval: Math.max(1, seconds(interval)) }),
    ...(failures !== undefined && { failures }),
    ...(timeout !== undefined && { timeout: Math.max(1, seconds(timeout)) }),
  }
}

function seconds(value: number | string): number {
  return typeof value === 'number' ? value : Math.ceil(parseSeconds(value) ?? 0)
}
