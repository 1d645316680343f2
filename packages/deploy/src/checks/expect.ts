import { isDeepStrictEqual } from 'node:util'
import { valueAt } from '@landfall/diagnostic'
import { type CheckCapture, type CheckStep, fillJson, fillReferences } from '@landfall/kube'
import { search } from './pattern.ts'
import type { Got } from './result.ts'

/** What a step captured, or what is wrong with what was got: words, and the text of the program that they are about. */
export type Judged = { captured: Map<string, unknown> } | { wrong: string; quote?: string }

/** Compares what came of a step with what is expected. Throws a PatternTooSlow. */
export function judge(step: CheckStep, got: Got, lookup: (name: string) => unknown): Judged {
  if (got.kind === 'nothing') return { wrong: got.message }
  if (got.kind === 'there') return { captured: new Map() }
  const { text } = got
  const wrong = (message: string, quote = text): Judged => ({ wrong: message, quote })
  if (got.kind === 'response') {
    const { status } = got
    const isExpected = step.status?.includes(status) ?? (status >= 200 && status <= 299)
    if (!isExpected)
      return wrong(`status ${status} instead of ${step.status?.join(' or ') ?? '2xx'}`)
  } else if (got.exitCode !== (step.exitCode ?? 0))
    return wrong(`exit code ${got.exitCode} instead of ${step.exitCode ?? 0}`, got.errors || text)
  const what = got.kind === 'response' ? 'the response' : 'the output'
  const contains = step.contains === undefined ? '' : fillReferences(step.contains, lookup)
  if (!text.includes(contains)) return wrong(`${what} does not contain ${JSON.stringify(contains)}`)
  if (step.matches !== undefined) {
    const pattern = fillReferences(step.matches, (name) => escaped(lookup(name)))
    if (search(pattern, text) === undefined) return wrong(`${what} does not match ${pattern}`)
  }
  const captures = Object.entries(step.capture ?? {})
  const needsJson = step.json !== undefined || captures.some(([, { json }]) => json !== undefined)
  const document = needsJson ? parse(text) : undefined
  if (needsJson && document === undefined) return wrong(`${what} is not JSON`)
  for (const [pointer, expected] of Object.entries(step.json ?? {})) {
    const value = valueAt(document?.value, pointer)
    const filled = fillJson(expected, lookup)
    if (!isDeepStrictEqual(plain(value), plain(filled)))
      return wrong(`${pointer || 'the whole'} is ${shown(value)} instead of ${shown(filled)}`)
  }
  const captured = new Map<string, unknown>()
  for (const [name, capture] of captures) {
    const value = capturedFrom(got, document?.value, capture)
    if (value === undefined) return wrong(`${what} has no ${placeOf(capture)} for ${name}`)
    captured.set(name, value)
  }
  const known = (name: string) => (captured.has(name) ? captured.get(name) : lookup(name))
  for (const [name, bound] of Object.entries(step.greater ?? {})) {
    const [value, limit] = [
      known(name),
      typeof bound === 'number' ? bound : fillReferences(bound, known),
    ]
    const numbers = [numberOf(value), numberOf(limit)] as const
    if (numbers.some(Number.isNaN) || numbers[0] <= numbers[1])
      return wrong(`${name} is ${shown(value)}, which is not greater than ${shown(limit)}`)
  }
  return { captured }
}

function capturedFrom(got: Got, document: unknown, { json, header, regex }: CheckCapture): unknown {
  if (json !== undefined) return valueAt(document, json)
  if (header !== undefined)
    return got.kind === 'response' ? got.headers.get(header.toLowerCase()) : undefined
  const text = got.kind === 'response' || got.kind === 'output' ? got.text : ''
  const found = regex === undefined ? undefined : search(regex, text)
  return found?.[1] ?? (found?.length === 1 ? found[0] : undefined)
}

function placeOf({ json, header, regex }: CheckCapture): string {
  if (json !== undefined) return `value at ${json || 'the whole'}`
  return header === undefined ? `match of ${regex}` : `header ${header}`
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Objects of settings inherit nothing, and those of JSON.parse do. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

/** A captured value in a regular expression stands for itself. */
function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
