import { Buffer, isUtf8 } from 'node:buffer'
import { fromPointer } from '@landfall/diagnostic'
import type { FileFormat } from '../settings/landfall-file.ts'
import { addValue, find, removeValue } from './change/change.ts'
import { containerOf, isContainer } from './change/tree.ts'
import { locateJson } from './json.ts'
import { locateEnv, locateIni, locateProperties } from './lines.ts'
import { type Locate, type Located, typeOf, type ValueType } from './located.ts'
import { locateToml } from './toml.ts'
import { locateXml } from './xml.ts'
import { locateYaml } from './yaml.ts'

const LOCATE: Readonly<Record<FileFormat, Locate>> = {
  json: locateJson,
  yaml: locateYaml,
  toml: locateToml,
  ini: locateIni,
  properties: locateProperties,
  xml: locateXml,
  env: locateEnv,
}

/** Endings of names, and the formats that they mean. */
const ENDINGS: readonly [RegExp, FileFormat][] = [
  [/\.(json|jsonc|json5)$/i, 'json'],
  [/\.(ya?ml)$/i, 'yaml'],
  [/\.toml$/i, 'toml'],
  [/\.(ini|cfg|cnf)$/i, 'ini'],
  [/\.properties$/i, 'properties'],
  [/\.(xml|xsl|xsd)$/i, 'xml'],
  [/(^|\/)\.env(\.[^/]*)?$|\.env$/i, 'env'],
]

/** What the name of a file says about its format. */
export function formatOf(path: string): FileFormat | undefined {
  return ENDINGS.find(([ending]) => ending.test(path))?.[1]
}

export interface EditProblem {
  problem: 'not-found' | 'wrong-type' | 'unreadable'
  message: string
}

/** A text or a file after an edit; `added`: it had no value there. */
export type Edited<T> = T & { added?: true }

/** A change of a text. */
export type Edit = (text: string) => Edited<{ text: string }> | EditProblem

/** A file after an edit, with every other byte as it was; one that is not UTF-8 is ISO 8859-1. */
export function editFile(
  bytes: Uint8Array,
  pointer: string,
  edit: Edit,
): Edited<{ bytes: Uint8Array }> | EditProblem {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const edited = edit(Buffer.from(bytes).toString(encoding))
  if (!('text' in edited)) return edited
  const after = Buffer.from(edited.text, encoding)
  return after.toString(encoding) === edited.text
    ? { bytes: after, ...(edited.added && { added: true }) }
    : {
        problem: 'wrong-type',
        message: `is encoded in ISO 8859-1, which does not have all characters of the value for ${pointer}`,
      }
}

/** A text with one value replaced or added and every other character as it was. */
export function setValue(
  text: string,
  format: FileFormat,
  pointer: string,
  value: unknown,
): Edited<{ text: string }> | EditProblem {
  return readable<Edited<{ text: string }>>(() => {
    const path = fromPointer(pointer)
    const found = find(text, format, path)
    const missing = found?.missing ?? []
    if (found?.node === null && missing.length > 0) {
      const inner = containerOf(missing, value)
      const replaced = inner && replaceValue(text, format, found.above, pointer, inner.value)
      if (replaced !== undefined)
        return 'text' in replaced ? { ...replaced, added: true } : replaced
    }
    const replaced =
      missing.length > 0
        ? undefined
        : replaceValue(text, format, found?.above ?? path, pointer, value)
    if (replaced !== undefined) return replaced
    if (found !== undefined && missing.length === 0)
      return {
        problem: 'wrong-type',
        message: `has ${words[typeOf(found.node)]} at ${pointer}, which can only be set by its members`,
      }
    if (found === undefined && isContainer(value))
      return { problem: 'wrong-type', message: `cannot have ${words[typeOf(value)]} at ${pointer}` }
    const added = addValue(text, format, path, value)
    return 'text' in added
      ? { ...added, added: true }
      : { problem: 'not-found', message: `has no value at ${pointer}, ${added.why}` }
  })
}

/** A text without a value. */
export function deleteValue(
  text: string,
  format: FileFormat,
  pointer: string,
): { text: string } | EditProblem {
  return readable<{ text: string }>(
    () =>
      removeValue(text, format, fromPointer(pointer)) ?? {
        problem: 'not-found',
        message: `has no value at ${pointer} that can be deleted`,
      },
  )
}

/** Where a value is in a text; undefined where there is none, or the text is not of the format. */
export function locateValue(
  text: string,
  format: FileFormat,
  path: readonly string[],
): Located | undefined {
  const found = readable<{ found: Located | undefined }>(() => ({
    found: LOCATE[format](text, path),
  }))
  return 'found' in found ? found.found : undefined
}

/** The text with another value in the place of one; undefined where there is none. */
function replaceValue(
  text: string,
  format: FileFormat,
  path: readonly string[],
  pointer: string,
  value: unknown,
): { text: string } | EditProblem | undefined {
  const found = LOCATE[format](text, path)
  if (found === undefined) return undefined
  const type = typeOf(value)
  const fits =
    found.type === 'any'
      ? type !== 'list' && type !== 'mapping'
      : fitsType(found.type, type) && !(format === 'toml' && type === 'null')
  return fits
    ? { text: text.slice(0, found.start) + found.print(value) + text.slice(found.end) }
    : {
        problem: 'wrong-type',
        message: `has ${words[found.type]} at ${pointer}, not ${words[type]}`,
      }
}

function readable<T>(edit: () => T | EditProblem): T | EditProblem {
  try {
    return edit()
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'unreadable', message: error.message }
    if (error instanceof RangeError)
      return { problem: 'unreadable', message: 'has too many levels of nesting' }
    throw error
  }
}

const words: Readonly<Record<ValueType, string>> = {
  any: 'a string',
  text: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
  list: 'a list',
  mapping: 'a mapping',
}

/** A value that was null, or becomes it, had no type to keep. */
function fitsType(before: ValueType, after: ValueType): boolean {
  return before === after || before === 'null' || after === 'null'
}
