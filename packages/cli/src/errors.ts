import type { BuildFailure } from '@landfall/local-cluster'

/** The command line cannot be executed; printed without a stack, exit code 2. */
export class UsageError extends Error {
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** The API server of a cluster does not respond; printed without a stack, exit code 1. */
export class ClusterUnreachable extends Error {
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** An image of the project cannot be built; printed with the line of its Dockerfile, exit code 1. */
export class BuildFailed extends Error {
  readonly failure: BuildFailure

  constructor(failure: BuildFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Something outside of Landfall went wrong, and the message says what; printed without a stack, exit code 1. */
export class CommandFailed extends Error {}

/** What went wrong in a command whose exit code 1 is an answer, as that of `diff`: the exit code is 2 instead of 1. */
export class Trouble extends Error {
  constructor(cause: unknown) {
    super('the comparison failed', { cause })
  }
}

/**
 * What a call throws as a plain Error with a sentence for people becomes CommandFailed; a TypeError and its like stay what
 * they are, bugs.
 */
export async function orCommandFailed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && !BUGS.some((kind) => error instanceof kind))
      throw new CommandFailed(error.message, { cause: error })
    throw error
  }
}

/**
 * Waits for `work` until the user interrupts it, and throws an AbortError then. The command ends with it, and with the process all that
 * the process has started.
 */
export function untilInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException('interrupted', 'AbortError'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError]
