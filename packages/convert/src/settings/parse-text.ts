import { type Diagnostic, type Span, toPointer } from '@landfall/diagnostic'
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { ConvertCode } from '../codes.ts'

/** A YAML file with the place of each key and each value. */
export interface ReadFile {
  readonly value: unknown
  /** The name that spans carry. */
  name: string
  text: string
  readonly keys: ReadonlyMap<string, Span>
  readonly values: ReadonlyMap<string, Span>
  diagnostics: Diagnostic<ConvertCode>[]
}

/** Parses YAML, with the place of each key and each value; `name` is that of the file in spans. A syntax error is a diagnostic. */
export function parseText(text: string, name: string): ReadFile {
  const document = parseDocument(text, { merge: true })
  const keys = new Map<string, Span>()
  const values = new Map<string, Span>()
  const spanOf = (range: readonly number[] | null | undefined): Span => ({
    file: name,
    start: range?.[0] ?? 0,
    end: range?.[1] ?? 0,
  })
  const visit = (node: unknown, path: (string | number)[]): void => {
    const pointer = toPointer(path)
    const range = (node as { range?: readonly number[] } | null)?.range
    if (range !== undefined) values.set(pointer, spanOf(range))
    if (isMap(node))
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue
        const child = [...path, String(pair.key.value)]
        keys.set(toPointer(child), spanOf(pair.key.range))
        visit(pair.value, child)
      }
    else if (isSeq(node))
      for (const [index, item] of node.items.entries()) visit(item, [...path, index])
  }
  visit(document.contents, [])
  const diagnostics = document.errors.slice(0, 1).map(
    ({ message, pos }): Diagnostic<ConvertCode> => ({
      code: 'convert/settings-syntax',
      severity: 'error',
      message: message.split(/ at line |\n/)[0] as string,
      path: '',
      at: { file: name, start: pos[0], end: pos[1] },
      hint: 'the file must be YAML',
    }),
  )
  const value = diagnostics.length > 0 ? {} : (document.toJS({ maxAliasCount: -1 }) ?? {})
  return { value, name, text, keys, values, diagnostics }
}
