import type { Many, Report } from '@landfall/diagnostic'
import type { ComposeCode } from '../codes.ts'
import type { Node } from '../tree/node.ts'

export type Failure = {
  readonly code: ComposeCode
  readonly message: string
  readonly hint?: string
  readonly many?: Many
}

/** How problems are told, and whether texts that cannot be read stay: a variable may still stand in them. */
export interface Reading {
  readonly report: Report
  readonly keepUnreadable: boolean
}

/** Makes the long form of one attribute. Where it returns nodes for one item of a list, they take its place. */
export type Transform = (node: Node, pointer: string, reading: Reading) => Node | Node[] | Failure
