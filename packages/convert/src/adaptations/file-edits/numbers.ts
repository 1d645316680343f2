import { Buffer } from 'node:buffer'
import { type Edited, type EditProblem, setValue } from '../../edits/edit.ts'
import type { FileContent, ServicePlan } from '../../plan/plan.ts'
import type { FileFormat } from '../../settings/landfall-file.ts'
import { placeholder } from './late-values.ts'

const NUMBER = /\{\{\s*(?:(\d+)\s*\+\s*)?identity\s*\}\}/g

/** Above what files hold, and exact as a number of JavaScript. */
const FIRST_STAND_IN = 870_905_172_600_000

/** Numbers that stand in files for the placeholder of a number until all edits are done: in between a file has to be readable. */
const standIns = new WeakMap<FileContent, Map<number, string>>()

/** Whether a value has the number of the copy in it: `node-{{identity}}`, `{{30087 + identity}}`. */
export function namesNumber(value: unknown): value is string {
  return typeof value === 'string' && value.search(NUMBER) >= 0
}

/** Sets a value with the number of the copy. One that is nothing else is a number, except where the file has a text. */
export function setNumbered(
  plan: ServicePlan,
  file: FileContent,
  { format, pointer, value }: { format: FileFormat; pointer: string; value: string },
): (text: string) => Edited<{ text: string }> | EditProblem {
  const written = value.replace(NUMBER, (_, plus: string | undefined) =>
    placeholder(
      plan,
      plus === undefined ? { pod: 'number' } : { pod: 'number', plus: Number(plus) },
      format,
    ),
  )
  return (text) => {
    if (value.replace(NUMBER, '') === '') {
      const known = standIns.get(file) ?? new Map<number, string>()
      const standIn = FIRST_STAND_IN + known.size
      const edited = setValue(text, format, pointer, standIn)
      if ('text' in edited) {
        standIns.set(file, known.set(standIn, written))
        return edited
      }
    }
    return setValue(text, format, pointer, written)
  }
}

/** Puts the placeholders into a file whose edits are done. */
export function placeNumbers(file: FileContent): void {
  const known = standIns.get(file)
  if (known === undefined) return
  let text = Buffer.from(file.bytes).toString('latin1')
  for (const [standIn, token] of known) text = text.replaceAll(String(standIn), token)
  file.bytes = Buffer.from(text, 'latin1')
}
