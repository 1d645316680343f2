import { fromPointer, toPointer } from '@landfall/diagnostic'
import type { Writing } from '@landfall/kube'
import { locateValue } from '../../edits/edit.ts'
import { isBlock } from '../../emit/yaml.ts'
import { type DraftParameters, declare } from '../../objects/parameters.ts'
import type { FileEdit } from '../../plan/plan.ts'
import type { EditedFile } from './objects.ts'

/** Printable characters that JSON writes in one way only. */
const PRINTABLE = '^[ -~]*$'
/** What stands without quotes in YAML. */
const YAML_WORD = '^[A-Za-z][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*$'
/** What stands without quotes in a line of the other formats. */
const LINE_WORD = '^[A-Za-z0-9_./@:-]+$'
/** Words that YAML takes for something else than a text. */
const RESERVED = `^(?:${['true', 'false', 'yes', 'no', 'on', 'off', 'null', 'nan', 'inf', 'y', 'n']
  .map((word) => word.replace(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`))
  .join('|')})$`

interface Form {
  as: Writing
  schema: Record<string, unknown>
}

/** The values that landfall.yaml sets in a file, where the text shows exactly how each is written. */
export function declareEdits(
  parameters: DraftParameters,
  { object, key, text, edits }: EditedFile,
): void {
  if (!isBlock(text)) return
  for (const { at, pointer, format, value } of edits) {
    const found = locateValue(text, format, fromPointer(pointer))
    if (found === undefined) continue
    const range: [number, number] = [found.start, found.end]
    const form = formOf(format, value, text.slice(...range))
    if (form === undefined) continue
    declare(parameters, {
      path: [...at, pointer],
      default: value,
      schema: form.schema,
      description: 'a value that landfall.yaml sets in the file',
      at: [{ object, pointer: toPointer(['data', key]), as: form.as, range }],
    })
  }
}

/** How a value is written; undefined where another one could be written in a different way. */
function formOf(
  format: FileEdit['format'],
  value: FileEdit['value'],
  written: string,
): Form | undefined {
  const isTyped = format === 'json' || format === 'yaml' || format === 'toml'
  if (isTyped && written === JSON.stringify(value))
    return typeof value === 'string'
      ? fitting(value, { as: 'json', schema: { type: 'string', pattern: PRINTABLE } })
      : { as: 'json', schema: { type: typeof value } }
  if (format === 'xml' || written !== String(value)) return undefined
  if (format === 'yaml')
    return typeof value === 'string'
      ? fitting(value, {
          as: 'text',
          schema: { type: 'string', pattern: YAML_WORD, not: { pattern: RESERVED } },
        })
      : undefined
  const schema = { type: ['string', 'number', 'boolean'], pattern: LINE_WORD }
  return isTyped ? undefined : fitting(value, { as: 'text', schema })
}

function fitting(value: FileEdit['value'], form: Form): Form | undefined {
  const { pattern, not } = form.schema as { pattern: string; not?: { pattern: string } }
  if (typeof value !== 'string') return form
  const isReserved = not !== undefined && new RegExp(not.pattern).test(value)
  return new RegExp(pattern).test(value) && !isReserved ? form : undefined
}
