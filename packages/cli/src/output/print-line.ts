import { API_VERSION } from '../contract/api-version.ts'
import type { WrittenLine } from '../contract/convert.ts'
import type { LockLine } from '../contract/lock.ts'
import type { LogLine } from '../contract/logs.ts'
import type { PlanLine } from '../contract/plan.ts'
import type { CheckedLine, DiagnosticLine, DropLine, ErrorLine } from '../contract/problems.ts'
import type { StatusLine } from '../contract/status.ts'
import type {
  ApplyLine,
  CompletedLine,
  CopyLine,
  FailedLine,
  KeptLine,
  NoteLine,
  OperationsLine,
  ProgressLine,
  ReadyLine,
  VerdictLine,
  WaitLine,
} from '../contract/up.ts'
import type { Terminal } from '../terminal.ts'

/** A line without its version. */
export type Unversioned<T> = T extends unknown ? Omit<T, 'apiVersion'> : never

/** Everything that is printed for programs. */
export type OutputLine = Unversioned<
  | ApplyLine
  | CheckedLine
  | CompletedLine
  | CopyLine
  | DiagnosticLine
  | DropLine
  | ErrorLine
  | FailedLine
  | KeptLine
  | LockLine
  | LogLine
  | NoteLine
  | OperationsLine
  | PlanLine
  | ProgressLine
  | ReadyLine
  | StatusLine
  | VerdictLine
  | WaitLine
  | WrittenLine
>

/** Prints one line for programs. */
export function printLine(line: OutputLine, { stdout }: Pick<Terminal, 'stdout'>): void {
  stdout.write(`${JSON.stringify({ apiVersion: API_VERSION, ...line })}\n`)
}
