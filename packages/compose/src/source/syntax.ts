/** A value as it stands in a YAML text, before aliases, tags and merge keys mean anything. Offsets are UTF-16. */
export type SyntaxNode = SyntaxScalar | SyntaxMap | SyntaxList | SyntaxAlias

interface Written {
  readonly start: number
  /** Of a block mapping or list: where its last value ends. */
  readonly end: number
  readonly anchor?: string | undefined
  readonly tag?: string | undefined
}

export interface SyntaxScalar extends Written {
  readonly kind: 'scalar'
  /** Without quotes and with lines folded. */
  readonly text: string
  /** Neither in quotes nor a block: by its text it can be a number, a boolean or null. */
  readonly plain: boolean
}

export interface SyntaxMap extends Written {
  readonly kind: 'map'
  readonly pairs: readonly SyntaxPair[]
}

/** null: nothing is written there, not even emptiness. */
export interface SyntaxPair {
  readonly key: SyntaxNode | null
  readonly value: SyntaxNode | null
}

export interface SyntaxList extends Written {
  readonly kind: 'list'
  readonly items: readonly SyntaxNode[]
}

export interface SyntaxAlias extends Written {
  readonly kind: 'alias'
  readonly name: string
}
