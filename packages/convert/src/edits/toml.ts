import { type AST, parseTOML } from 'toml-eslint-parser'
import type { Located, ValueType } from './located.ts'

type Value = AST.TOMLContentNode

/** TOML 1.0: keys of tables, dotted or not, of arrays of tables by their number, and of inline values. */
export function locateToml(text: string, path: readonly string[]): Located | undefined {
  const value = tomlValueAt(text, path)
  return value === undefined ? undefined : located(value)
}

/** The value that one pair has at a path, or inside of it. */
export function tomlValueAt(text: string, path: readonly string[]): Value | undefined {
  // A byte order mark is left out, and the places of all that follows stay.
  const { body } = parseTOML(text.replace(/^\uFEFF/, ' ')).body[0]
  for (const part of body) {
    const found =
      part.type === 'TOMLTable'
        ? part.body.map((pair) => valueIn(pair, below(path, part.resolvedKey.map(String))))
        : [valueIn(part, path)]
    const value = found.find((one) => one !== undefined)
    if (value !== undefined) return value
  }
  return undefined
}

/** The rest of a path below another one; undefined where it is not below it. */
export function below(
  path: readonly string[],
  above: readonly string[],
): readonly string[] | undefined {
  return above.every((key, index) => key === path[index]) ? path.slice(above.length) : undefined
}

function valueIn(
  { key, value }: AST.TOMLKeyValue,
  path: readonly string[] | undefined,
): Value | undefined {
  const names = key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))
  const rest = path === undefined ? undefined : below(path, names)
  return rest === undefined ? undefined : valueAt(value, rest)
}

function valueAt(value: Value, path: readonly string[]): Value | undefined {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (value.type === 'TOMLInlineTable')
    return value.body.map((pair) => valueIn(pair, path)).find((one) => one !== undefined)
  const element =
    value.type === 'TOMLArray'
      ? value.elements.find((_element, index) => String(index) === first)
      : undefined
  return element === undefined ? undefined : valueAt(element, rest)
}

function located(value: Value): Located {
  const [start, end] = value.range
  const float = value.type === 'TOMLValue' && value.kind === 'float'
  return {
    start,
    end,
    type: typeOfToml(value),
    print: (next) =>
      float && Number.isInteger(next) && !/e/.test(String(next)) ? `${next}.0` : printToml(next),
  }
}

function typeOfToml(value: Value): ValueType {
  if (value.type === 'TOMLArray') return 'list'
  if (value.type === 'TOMLInlineTable') return 'mapping'
  if (value.kind === 'string') return 'text'
  if (value.kind === 'boolean') return 'boolean'
  return value.kind === 'integer' || value.kind === 'float' ? 'number' : 'any'
}

export function printToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printToml).join(', ')}]`
  if (typeof value !== 'object' || value === null)
    return JSON.stringify(value).replaceAll('\x7f', '\\u007f')
  const pairs = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)} = ${printToml(one)}`,
  )
  return `{ ${pairs.join(', ')} }`
}
