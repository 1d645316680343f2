import { type Clock, machineClock } from '@landfall/kube'

/** A clock that stands still but for sleeps, which are over at once. */
export function skippingClock(): Clock {
  let now = 0
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      now += ms
    },
  }
}

/** A clock that goes so many times faster than that of the machine. */
export function fastClock(times: number): Clock {
  return {
    now: () => machineClock.now() * times,
    sleep: (ms, signal) => machineClock.sleep(ms / times, signal),
  }
}
