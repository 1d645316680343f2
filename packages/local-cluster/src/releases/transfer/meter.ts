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

/** A meter for downloads with these names. What an earlier run had received counts as received, not as speed; a download can begin again. */
export function transferMeter(names: readonly string[]): Meter {
  const states = new Map<string, { received: number; total: number | undefined }>()
  const samples: { at: number; arrived: number }[] = []
  let arrived = 0
  return {
    add(name, received, total) {
      const before = states.get(name)?.received ?? received
      arrived += Math.max(0, received - before)
      states.set(name, { received, total })
    },
    end(name) {
      const { received = 0 } = states.get(name) ?? {}
      states.set(name, { received, total: received })
    },
    read(now) {
      const all = [...states.values()]
      samples.push({ at: now, arrived })
      while (samples.length > 2 && now - (samples[0]?.at ?? 0) > WINDOW_MS) samples.shift()
      const first = samples[0] ?? { at: now, arrived }
      const isKnown = names.every((name) => states.get(name)?.total !== undefined)
      return {
        received: all.reduce((bytes, { received }) => bytes + received, 0),
        total: isKnown ? all.reduce((bytes, { total }) => bytes + (total ?? 0), 0) : undefined,
        speed:
          now - first.at < 1000 ? undefined : ((arrived - first.arrived) * 1000) / (now - first.at),
      }
    },
  }
}
