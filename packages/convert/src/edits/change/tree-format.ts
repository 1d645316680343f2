import type { Addition } from './tree.ts'

/** A format whose files hold mappings and lists. Each change gives texts that may be right, the best first: what they read as decides. */
export interface TreeFormat {
  /** The value of each document of a file. Throws a SyntaxError. */
  documents(text: string): unknown[]
  /** With something added to the mapping or the list at a path. */
  add(text: string, document: number, above: readonly string[], addition: Addition): string[]
  /** Without the member or the item at a path. */
  remove(text: string, document: number, path: readonly string[]): string[]
}
