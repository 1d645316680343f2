import type { Span } from '@landfall/diagnostic'
import type { ComposeCode } from '../codes.ts'
import type { Node } from '../tree/node.ts'

/** Reports a problem of one service, at a place inside it. */
export type ServiceProblem = (
  code: ComposeCode,
  message: string,
  at: { readonly path: string; readonly node: Node | undefined },
  hint?: string,
  related?: { readonly message: string; readonly at: Span | undefined },
) => void
