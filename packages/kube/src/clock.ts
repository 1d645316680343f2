import { setTimeout as pause } from 'node:timers/promises'

/** Time as an argument, so that tests need not wait. */
export interface Clock {
  /** Milliseconds of a clock that never goes back, from any start. */
  now(): number
  /** Fulfilled after so many milliseconds; rejected at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of this machine. */
export const machineClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
}
