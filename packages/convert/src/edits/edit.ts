import { Buffer, isUtf8 } from 'node:buffer'
import { fromPointer } from '@landfall/diagnostic'
import type { FileFormat } from '../settings/landfall-file.ts'
import { locateJson } from './json.ts'
import { locateEnv, locateIni, locateProperties } from './lines.ts'
import { type Locate, typeOf, type ValueType } from './located.ts'
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

/** A file with one value replaced and every other byte as it was; one that is not UTF-8 is ISO 8859-1. */
export function setValueInFile(
  bytes: Uint8Array,
  format: FileFormat,
  pointer: string,
  value: unknown,
): { bytes: Uint8Array } | EditProblem {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const edited = setValue(Buffer.from(bytes).toString(encoding), format, pointer, value)
  if (!('text' in edited)) return edited
  const after = Buffer.from(edited.text, encoding)
  return after.toString(encoding) === edited.text
    ? { bytes: after }
    : {
        problem: 'wrong-type',
        message: `is encoded in ISO 8859-1, which does not have all characters of the value for ${pointer}`,
      }
}

/** A text with one value replaced and every other character as it was. */
export function setValue(
  text: string,
  format: FileFormat,
  pointer: string,
  value: unknown,
): { text: string } | EditProblem {
  try {
    const found = LOCATE[format](text, fromPointer(pointer))
    if (found === undefined) return { problem: 'not-found', message: `has no value at ${pointer}` }
    const type = typeOf(value)
    const fits =
      found.type === 'any'
        ? type !== 'list' && type !== 'mapping'
        : fitsType(found.type, type) && !(format === 'toml' && type === 'null')
    if (!fits)
      return {
        problem: 'wrong-type',
        message: `has ${words[found.type]} at ${pointer}, not ${words[type]}`,
      }
    return { text: text.slice(0, found.start) + found.print(value) + text.slice(found.end) }
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
