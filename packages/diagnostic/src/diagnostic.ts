import type { Span } from './span.ts'

export type Severity = 'error' | 'warning' | 'note'

/** One thing to tell the person whose files these are. Errors are data: phases report them and carry on. */
export interface Diagnostic<Code extends string = string> {
  /** Permanent kebab-case id with the package that reports it: `compose/unknown-key`. Each package has a table of its codes. */
  readonly code: Code
  readonly severity: Severity
  /** One sentence that names the thing. */
  readonly message: string
  /** JSON Pointer into the project or the file that `at` names; `''` for the whole. */
  readonly path: string
  readonly at?: Span
  readonly related?: readonly { readonly message: string; readonly at: Span }[]
  /** What to do about it, as one sentence. */
  readonly hint?: string
  readonly many?: Many
}

/** How a list says several diagnostics of one code in one line: those of which only the subjects differ. */
export interface Many {
  /** What this diagnostic is about: a variable, a path. */
  readonly subject: string
  /** The sentence about all; `<all>` stands for the subjects. */
  readonly message: string
  readonly hint?: string
}

/** How a phase tells what it found; it then carries on. */
export type Report<Code extends string = string> = (diagnostic: Diagnostic<Code>) => void

/** Whether anything in the list stops the work. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
