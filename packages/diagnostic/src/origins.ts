import type { Span } from './span.ts'

/** Where a value of the canonical project came from. */
export type Origin =
  | {
      readonly kind: 'file'
      readonly span: Span
      readonly via?: 'merge' | 'extends' | 'include' | 'anchor' | 'interpolation' | 'env_file'
    }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'default'; readonly rule: string }

/** JSON Pointer of the canonical project → where its value came from, the deciding place last. */
export type Origins = ReadonlyMap<string, readonly Origin[]>

/** The deciding place of the value at a pointer, or of the nearest parent that has one. */
export function originOf(origins: Origins, pointer: string): Origin | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = origins.get(at)
    if (found !== undefined && found.length > 0) return found.at(-1)
    if (at === '') return undefined
  }
}

/** The span of the value at a pointer, or of the nearest parent that stands in a file. */
export function spanOf(origins: Origins, pointer: string): Span | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const inFile = origins.get(at)?.findLast((origin) => origin.kind === 'file')
    if (inFile?.kind === 'file') return inFile.span
    if (at === '') return undefined
  }
}
