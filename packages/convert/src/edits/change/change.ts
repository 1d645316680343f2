import { toPointer } from '@landfall/diagnostic'
import type { FileFormat } from '../../settings/landfall-file.ts'
import { jsonChanges } from './json.ts'
import { envChanges, iniChanges, type LineFormat, propertiesChanges } from './lines.ts'
import { tomlChanges } from './toml.ts'
import { additionTo, readsAs, type Settled, settle, withAddition, without } from './tree.ts'
import type { TreeFormat } from './tree-format.ts'
import { xmlChanges } from './xml.ts'
import { yamlChanges } from './yaml.ts'

const TREES: Partial<Record<FileFormat, TreeFormat>> = {
  json: jsonChanges,
  yaml: yamlChanges,
  toml: tomlChanges,
}

const LINES: Partial<Record<FileFormat, LineFormat>> = {
  ini: iniChanges,
  properties: propertiesChanges,
  xml: xmlChanges,
  env: envChanges,
}

/** Where a path leads in the document of a text that has most of it. */
export interface Found extends Settled {
  document: number
}

/** Follows a path in JSON, YAML and TOML; undefined for the other formats. Throws a SyntaxError. */
export function find(text: string, format: FileFormat, path: readonly string[]): Found | undefined {
  const documents = TREES[format]?.documents(text)
  if (documents === undefined) return undefined
  const found = documents.map((tree, document) => ({ document, ...settle(tree, path) }))
  return (
    found.find(({ missing }) => missing.length === 0) ??
    found.toSorted((a, b) => a.missing.length - b.missing.length)[0] ?? {
      document: 0,
      above: [],
      node: {},
      missing: path,
    }
  )
}

/**
 * A text with a value that it does not have, or why it cannot have it: in JSON, YAML and TOML mappings and lists above it are made as well.
 * Throws a SyntaxError.
 */
export function addValue(
  text: string,
  format: FileFormat,
  path: readonly string[],
  value: unknown,
): { text: string } | { why: string } {
  const lines = LINES[format]
  if (lines !== undefined) {
    const added = lines.add(text, path, value === null ? '' : String(value))
    return added === undefined ? { why: 'which cannot be added' } : { text: added }
  }
  const { above, node, missing, document } = find(text, format, path) as Found
  const addition = additionTo(node, missing, value)
  if (addition === undefined)
    return {
      why: Array.isArray(node)
        ? `because the list at ${toPointer(above) || 'the top'} has ${node.length} items; - adds one`
        : `because the value at ${toPointer(above) || 'the top'} has no members`,
    }
  const tree = TREES[format] as TreeFormat
  const before = tree.documents(text)
  const expected = (before.length === 0 ? [{}] : before).map((one, index) =>
    index === document ? withAddition(one ?? {}, above, addition) : one,
  )
  const right = tree
    .add(text, document, above, addition)
    .find((one) => readsAs(() => tree.documents(one), expected))
  return right === undefined ? { why: 'which cannot be added' } : { text: right }
}

/** A text without a value; undefined where it has none, or where something else needs it. Throws a SyntaxError. */
export function removeValue(
  text: string,
  format: FileFormat,
  path: readonly string[],
): { text: string } | undefined {
  const lines = LINES[format]
  if (lines !== undefined) {
    const removed = lines.remove(text, path)
    return removed === undefined ? undefined : { text: removed }
  }
  const { above, missing, document } = find(text, format, path) as Found
  if (missing.length > 0 || above.length === 0) return undefined
  const tree = TREES[format] as TreeFormat
  const expected = tree
    .documents(text)
    .map((one, index) => (index === document ? without(one, above) : one))
  const right = tree
    .remove(text, document, above)
    .find((one) => readsAs(() => tree.documents(one), expected))
  return right === undefined ? undefined : { text: right }
}
