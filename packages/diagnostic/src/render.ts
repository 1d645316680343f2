import type { Diagnostic } from './diagnostic.ts'
import { displayPath } from './pointer.ts'
import { secretsInText } from './secrets/assignments.ts'
import { masked } from './secrets/mask.ts'
import { formatSpan, positionAt, type Sources, type Span } from './span.ts'
import { visible, visibleLine } from './visible.ts'

/** Marks a piece of the text for a display that has colours; the default marks nothing. */
export type Paint = (role: 'error' | 'warning' | 'note' | 'dim' | 'bold', text: string) => string

const plain: Paint = (_role, text) => text

/** Characters around a line in which it is seen that the line is a part of a secret, such as a private key. */
const AROUND = 8_000

/** The source line of a span with carets under it, indented by two, without secrets; empty when the text is not known. */
function excerpt(span: Span, sources: Sources, paint: Paint): string[] {
  const text = sources.get(span.file)
  if (text === undefined || text.trim() === '') return []
  const { line, column } = positionAt(text, span.start)
  const lineStart = span.start - (column - 1)
  const nextBreak = text.indexOf('\n', lineStart)
  const lineEnd = nextBreak === -1 ? text.length : nextBreak
  const mask = maskLine(text, lineStart, lineEnd)
  const all = visible(mask(lineEnd).replace(/\r$/, ''))
  const before = visible(mask(lineStart + column - 1))
  const end = visible(mask(Math.min(span.end, lineEnd)))
  const length = Math.max(1, end.length - before.length)
  const shown = all.length > 160 ? `${all.slice(0, 157)}...` : all
  const gutter = `${line} | `
  const lead = before.replace(/[^\t]/g, ' ')
  const out = [`  ${paint('dim', gutter)}${shown}`]
  if (before.length <= shown.length)
    out.push(
      `  ${' '.repeat(gutter.length)}${lead}${'^'.repeat(Math.min(length, shown.length - before.length) || 1)}`,
    )
  return out
}

/** Gives a line up to an offset of its text, with the mask for secrets. */
function maskLine(text: string, lineStart: number, lineEnd: number): (to: number) => string {
  const from = Math.max(0, lineStart - AROUND)
  const secrets = secretsInText(text.slice(from, lineEnd + AROUND), { strict: true })
    .map(({ start, end, what }) => ({ start: start + from, end: end + from, what }))
    .filter(({ start, end }) => end > lineStart && start < lineEnd)
    .map(({ start, end, what }) => ({
      start: Math.max(start, lineStart) - lineStart,
      end: Math.min(end, lineEnd) - lineStart,
      what,
    }))
  const line = text.slice(lineStart, lineEnd)
  return (to) => {
    const length = to - lineStart
    const shown = secrets.filter(({ start }) => start < length)
    const last = shown.at(-1)
    return masked(line.slice(0, Math.max(length, last?.end ?? 0)), shown)
  }
}

/** One diagnostic as text for people: place, code, sentence, path where the sentence does not name it, excerpt, related places and the hint. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: Sources,
  paint: Paint = plain,
): string {
  const place =
    diagnostic.at === undefined ? '' : `${visibleLine(formatSpan(diagnostic.at, sources))}: `
  const message = visibleLine(diagnostic.message)
  const shownPath = visibleLine(displayPath(diagnostic.path))
  const named = message.includes(shownPath)
  const path = named ? '' : ` ${paint('dim', `(${shownPath})`)}`
  const head = `${paint('bold', place)}${paint(diagnostic.severity, diagnostic.severity)}: ${message}${path} ${paint('dim', `[${diagnostic.code}]`)}`
  const lines = [head]
  if (diagnostic.at !== undefined) lines.push(...excerpt(diagnostic.at, sources, paint))
  for (const related of diagnostic.related ?? [])
    lines.push(
      `  ${visibleLine(`${formatSpan(related.at, sources)}: ${related.message}`)}`,
      ...excerpt(related.at, sources, paint),
    )
  if (diagnostic.hint !== undefined)
    lines.push(`  ${paint('note', 'hint')}: ${visibleLine(diagnostic.hint)}`)
  return lines.join('\n')
}
