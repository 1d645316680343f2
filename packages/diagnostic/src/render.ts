import type { Diagnostic } from './diagnostic.ts'
import { displayPath } from './pointer.ts'
import { formatSpan, positionAt, type Sources, type Span } from './span.ts'
import { visible, visibleLine } from './visible.ts'

/** Marks a piece of the text for a display that has colours; the default marks nothing. */
export type Paint = (role: 'error' | 'warning' | 'note' | 'dim' | 'bold', text: string) => string

const plain: Paint = (_role, text) => text

/** The source line of a span with carets under it, indented by two; empty when the text is not known. */
function excerpt(span: Span, sources: Sources, paint: Paint): string[] {
  const text = sources.get(span.file)
  if (text === undefined || text.trim() === '') return []
  const { line, column } = positionAt(text, span.start)
  const lineStart = span.start - (column - 1)
  const nextBreak = text.indexOf('\n', lineStart)
  const lineEnd = nextBreak === -1 ? text.length : nextBreak
  const source = text.slice(lineStart, lineEnd).replace(/\r$/, '')
  const length = Math.max(1, visible(text.slice(span.start, Math.min(span.end, lineEnd))).length)
  const before = visible(source.slice(0, column - 1))
  const all = visible(source)
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
