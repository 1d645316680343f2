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

/** An error as it is, or in words for people where there was no room on the disk. */
export function withoutSpace(error: Error, url: string): Error {
  const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
  return full ? new ReleaseProblem(`${url}: no space left on the device of the cache`) : error
}
