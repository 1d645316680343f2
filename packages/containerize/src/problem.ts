import type { ContainerizeCode } from './codes.ts'

/** Why a tarball is not used; the message names the entry, without the name of the tarball. */
export class TarballProblem extends Error {
  override readonly name = 'TarballProblem'
  readonly code: ContainerizeCode
  readonly hint: string

  constructor(code: ContainerizeCode, message: string, hint: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}
