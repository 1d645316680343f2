/** How much a remote build context may take. */
export interface ContextLimits {
  /** Milliseconds for all of it. */
  time: number
  /** Of what is transferred, and of what it is unpacked to. */
  bytes: number
  /** Files and directories. */
  entries: number
}

const GIBIBYTE = 1024 ** 3

export const contextLimits: ContextLimits = {
  time: 600_000,
  bytes: 4 * GIBIBYTE,
  entries: 500_000,
}

/** Why a context cannot be fetched, in one line for people. */
export class ContextProblem extends Error {
  override readonly name = 'ContextProblem'
}

/** What is said of a context that is larger than it may be. */
export function tooLarge({ bytes }: ContextLimits): ContextProblem {
  return new ContextProblem(`it is larger than ${Math.round(bytes / 1024 ** 2)} MiB`)
}
