/** How a check ended: it holds, it fails, or it could not be found out. */
export interface CheckResult {
  name: string
  state: 'holds' | 'fails' | 'unknown'
  /** What was got instead, or why nothing is known, as one line without the secrets of the check. */
  message?: string
  /** The step that did not hold, counted from 1; undefined for a check of one step. */
  step?: number
  /** `landfall.yaml#/checks/order/steps/1` */
  source: string
  /** `landfall.yaml:12:3` */
  at?: string
  /** Milliseconds that it took. */
  ms: number
  /** What to try. */
  hint?: string
}

/** What came of an action: something that is compared with what is expected, or nothing that could be. */
export type Got =
  | {
      kind: 'response'
      status: number
      headers: ReadonlyMap<string, string>
      text: string
    }
  | { kind: 'output'; exitCode: number; text: string; errors: string }
  /** A connection or a name, which is all that was wanted. */
  | { kind: 'there' }
  /** It did not get so far: `connection refused`. */
  | { kind: 'nothing'; message: string }

/** Whether it holds cannot be found out, at the moment or for good. */
export class CannotTell extends Error {
  readonly hint: string | undefined
  /** Trying again does not help. */
  readonly forGood: boolean

  constructor(
    message: string,
    { hint, forGood = false }: { hint?: string; forGood?: boolean } = {},
  ) {
    super(message)
    this.name = 'CannotTell'
    this.hint = hint
    this.forGood = forGood
  }
}
