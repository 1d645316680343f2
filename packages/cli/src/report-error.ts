import { inspect } from 'node:util'
import type { CliCode } from './codes.ts'
import { ClusterUnreachable, CommandFailed, Trouble, UsageError } from './errors.ts'
import { missingRight } from './output/missing-right.ts'
import { printLine } from './output/print-line.ts'
import { shortPaths } from './project/short-paths.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** How an error ends the command: what is printed about it, and the exit code. */
interface Ending {
  code: CliCode
  message: string
  hint?: string | undefined
  exitCode: number
}

/** Prints why a command ended, as text for people and, with `--output json`, as a line for programs; the result is the exit code. */
export function exitCodeAfter(error: unknown, terminal: Terminal): number {
  const { code, message, hint, exitCode } = endingOf(error, terminal.cwd)
  const stack = code === 'cli/bug' ? `${inspect(error)}\n` : ''
  terminal.stderr.write(`landfall: ${message}\n${stack}`)
  if (hint !== undefined) terminal.stderr.write(`  hint: ${hint}\n`)
  if (terminal.output === 'json')
    printLine({ type: 'error', code, message, ...(hint !== undefined && { hint }) }, terminal)
  return exitCode
}

function endingOf(error: unknown, cwd: string): Ending {
  if (error instanceof Trouble) {
    const ending = endingOf(error.cause, cwd)
    return ending.exitCode === EXIT.failed ? { ...ending, exitCode: EXIT.usage } : ending
  }
  if (error instanceof UsageError) {
    const { message, hint } = error
    return { code: 'cli/usage', message, hint, exitCode: EXIT.usage }
  }
  if (error instanceof Error && error.name === 'AbortError')
    return {
      code: 'cli/interrupted',
      message: 'interrupted; run the command again to continue',
      exitCode: EXIT.interrupted,
    }
  if (error instanceof ClusterUnreachable) {
    const { message, hint } = error
    return { code: 'cli/cluster-unreachable', message, hint, exitCode: EXIT.failed }
  }
  const right =
    error instanceof Error && error.name === 'StatusError' && missingRight(error.message)
  if (right) return { code: 'cli/cluster-refused', exitCode: EXIT.failed, ...right }
  const code = codeOf(error)
  return code === undefined
    ? {
        code: 'cli/bug',
        message: 'this is a bug in Landfall, please report it',
        exitCode: EXIT.bug,
      }
    : {
        code,
        message: shortPaths(cwd)((error as Error).message),
        hint: hintOf(error),
        exitCode: EXIT.failed,
      }
}

/** What @landfall/kube and @landfall/deploy throw is known by name, so that they are not loaded for every command. */
function codeOf(error: unknown): CliCode | undefined {
  if (error instanceof CommandFailed) return 'cli/failed'
  if (!(error instanceof Error)) return undefined
  if (['CannotWrite', 'TakenOverError', 'DamagedRevisionError'].includes(error.name))
    return 'cli/failed'
  if (['StatusError', 'LeaseForbiddenError'].includes(error.name)) return 'cli/cluster-refused'
  const noServer = error.name === 'ConnectionError' || error.name === 'AnswerError'
  return noServer ? 'cli/cluster-unreachable' : undefined
}

function hintOf(error: unknown): string | undefined {
  const isKnown = error instanceof Error && error.name === 'LeaseForbiddenError'
  return isKnown && 'hint' in error ? String(error.hint) : undefined
}

/** The message of an error that does not end the command, and whether a cluster does not respond. */
export function describeError(
  error: unknown,
  { cwd }: Pick<Terminal, 'cwd'>,
): { message: string; isAway: boolean } {
  const { code, message } = endingOf(error, cwd)
  const isTimeout = error instanceof Error && error.name === 'TimeoutError'
  return {
    message: isTimeout ? error.message : message,
    isAway: code === 'cli/cluster-unreachable' || isTimeout,
  }
}
