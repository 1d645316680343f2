/** Why a release cannot be had, in one line for people. */
export class ReleaseProblem extends Error {
  override readonly name = 'ReleaseProblem'
  /** Whether another attempt can succeed: a cut connection, a busy server. */
  readonly passing: boolean
  /** Whether there is no such file where it was looked for. */
  readonly absent: boolean

  constructor(message: string, kind?: 'passing' | 'absent') {
    super(message)
    this.passing = kind === 'passing'
    this.absent = kind === 'absent'
  }
}
