import type { Service } from '../project.ts'

/** What Docker's engine refuses, at a JSON Pointer below the service or resource that is checked. */
export interface Finding {
  readonly path: string
  /** In the words of the engine. */
  readonly message: string
  readonly hint?: string | undefined
}

/** The rules of one subject for one service. */
export type ServiceRule = (service: Service) => readonly (Finding | undefined | false)[]
