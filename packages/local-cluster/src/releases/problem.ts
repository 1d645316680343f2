/** Why a release cannot be had, in one line for people. */
export class ReleaseProblem extends Error {
  override readonly name = 'ReleaseProblem'
  /** Whether another attempt can succeed: a cut connection, a busy server. */
  readonly passing: boolean

  constructor(message: string, passing = false) {
    super(message)
    this.passing = passing
  }
}
