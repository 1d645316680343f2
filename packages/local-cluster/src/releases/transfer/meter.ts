import type { Transfer } from './transfer-words.ts'

/** Milliseconds over which the speed is measured. */
const WINDOW_MS = 10_000

/** Adds up what several downloads report. */
export interface Meter {
  /** What has arrived of one download, and what will: bytes. */
  add(name: string, received: number, total: number | undefined): void
  /** The download has ended, or was not necessary. */
  end(name: string): void
  /** The state at a time (milliseconds of a clock); called about once a second. */
  read(now: number): Transfer
}

/** A meter for downloads with these names. What an earlier run had received counts as received, not as speed. */
export function transferMeter(names: readonly string[]): Meter {
  const states = new Map<string, { first: number; received: number; total: number | undefined }>()
  const samples: { at: number; fresh: number }[] = []
  return {
    add(name, received, total) {
      // A download that begins again has received nothing new.
      const first = Math.min(states.get(name)?.first ?? received, received)
      states.set(name, { first, received, total })
    },
    end(name) {
      const { first = 0, received = 0 } = states.get(name) ?? {}
      states.set(name, { first, received, total: received })
    },
    read(now) {
      const all = [...states.values()]
      const sum = (of: (state: (typeof all)[number]) => number) =>
        all.reduce((bytes, state) => bytes + of(state), 0)
      const fresh = sum(({ first, received }) => received - first)
      samples.push({ at: now, fresh })
      while (samples.length > 2 && now - (samples[0]?.at ?? 0) > WINDOW_MS) samples.shift()
      const { at, fresh: before } = samples[0] ?? { at: now, fresh }
      const isKnown = names.every((name) => states.get(name)?.total !== undefined)
      return {
        received: sum(({ received }) => received),
        total: isKnown ? sum(({ total }) => total ?? 0) : undefined,
        speed: now - at < 1000 ? undefined : (Math.max(0, fresh - before) * 1000) / (now - at),
      }
    },
  }
}
