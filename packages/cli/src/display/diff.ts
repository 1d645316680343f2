import type { FieldChange, ReleaseDiff } from '@landfall/deploy'
import type { Colour } from '../colour.ts'
import { oneLine } from './words.ts'

/** Longer values are cut: `--output json` has them whole. */
const LONGEST = 120

const ROLES = { create: 'good', update: 'note', replace: 'warning', delete: 'error' } as const

const WORDS = {
  create: 'to create',
  update: 'to change',
  replace: 'to delete and create again',
  delete: 'to delete',
} as const

/** A difference as people read it: objects with their fields, and how many there are. */
export function renderDiff(
  { changes, foreign, conflicts, checks }: ReleaseDiff,
  colour: Colour,
): string {
  const lines = changes.flatMap(({ object, change, fields }) => [
    `${colour(ROLES[change], change)} ${object}`,
    ...fields.map((field) => `  ${field.field}: ${describe(field)}`),
  ])
  for (const { object, owner } of foreign)
    lines.push(`${colour('error', 'refused')} ${object}: it is owned by ${owner}`)
  for (const { object, field, manager } of conflicts)
    lines.push(
      `${colour('error', 'refused')} ${object}: ${manager} has set ${field}; --force-conflicts sets the value of the project again`,
    )
  for (const { name, change } of checks)
    lines.push(`${colour(ROLES[change], change)} check ${name}`)
  if (lines.length === 0) return 'No difference.\n'
  const counts = Object.entries(WORDS).flatMap(([kind, words]) => {
    const count = changes.filter(({ change }) => change === kind).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return `${[...lines, ...(counts.length === 0 ? [] : ['', counts.join(', ')])].join('\n')}\n`
}

function describe({ before, after, hidden }: FieldChange): string {
  if (hidden !== undefined) return 'changed'
  if (before === undefined) return `added ${shown(after)}`
  if (after === undefined) return `removed ${shown(before)}`
  return `${shown(before)} → ${shown(after)}`
}

function shown(value: unknown): string {
  const text = oneLine(typeof value === 'string' ? value : JSON.stringify(value))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text === '' ? '""' : text
}
