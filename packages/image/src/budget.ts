import { Unreadable } from './unreadable.ts'

/** What reading may cost. */
export interface Limits {
  /** Bytes that arrive. */
  received: number
  /** Bytes to which layers decompress. */
  unpacked: number
  milliseconds: number
}

/** The limits of one image, and of all images that one command reads. */
export interface ReadLimits {
  image: Limits
  run: Limits
}

const MIB = 1024 ** 2

/** The limits of a command that waits for its images. */
export const LIMITS: ReadLimits = {
  image: { received: 512 * MIB, unpacked: 2048 * MIB, milliseconds: 900_000 },
  run: { received: 4096 * MIB, unpacked: 8192 * MIB, milliseconds: 1_800_000 },
}

/** What is left of limits. Each of these functions throws Unreadable when nothing is. */
export interface Budget {
  receive(bytes: number): void
  unpack(bytes: number): void
  /** Milliseconds that are left, more than 0. */
  left(): number
}

/** A budget that starts now; what is spent is also taken from `of`, the budget of which it is a part. */
export function startBudget(limits: Limits, what: string, of?: Budget): Budget {
  return spending(limits, what, () => performance.now(), of)
}

/** A budget for the images of a whole run. Its time passes only while one of them is read. */
export function runBudget(limits: Limits): Budget & { during<T>(work: Promise<T>): Promise<T> } {
  let reading = 0
  let since = 0
  let before = 0
  const passed = () => before + (reading > 0 ? performance.now() - since : 0)
  return {
    ...spending(limits, 'the images of one command', passed),
    async during(work) {
      if (reading++ === 0) since = performance.now()
      try {
        return await work
      } finally {
        if (reading === 1) before = passed()
        reading--
      }
    },
  }
}

function spending(limits: Limits, what: string, clock: () => number, of?: Budget): Budget {
  const start = clock()
  let received = 0
  let unpacked = 0
  const left = () => {
    const rest = limits.milliseconds - (clock() - start)
    if (rest <= 0)
      throw new Unreadable(`${what} took longer than ${limits.milliseconds / 1000} s to read`)
    return Math.min(rest, of?.left() ?? rest)
  }
  return {
    left,
    receive(bytes) {
      received += bytes
      if (received > limits.received)
        throw new Unreadable(`${what}: more than ${mebibytes(limits.received)} to download`)
      of?.receive(bytes)
    },
    unpack(bytes) {
      unpacked += bytes
      if (unpacked > limits.unpacked)
        throw new Unreadable(
          `${what}: layers that decompress to more than ${mebibytes(limits.unpacked)}`,
        )
      of?.unpack(bytes)
      left()
    },
  }
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`
}
