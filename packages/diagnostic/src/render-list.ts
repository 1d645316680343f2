import type { Diagnostic } from './diagnostic.ts'
import { displayPath, fromPointer } from './pointer.ts'
import { type Paint, renderDiagnostic } from './render.ts'
import { formatSpan, type Sources } from './span.ts'
import { visibleLine } from './visible.ts'

/** How a list of diagnostics is printed. */
export interface ListStyle {
  paint: Paint
  /** Shortens the absolute paths in a text for the reader; none are shortened if omitted. */
  shorten?: (text: string) => string
}

/**
 * Diagnostics as texts for people: a line for each problem, and for all services and variables that share it; a hint after the
 * last line to which it applies. Errors also show the line of the file. Nothing is printed twice.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { paint, shorten = (text) => text }: ListStyle,
): string[] {
  const groups = groupBy(diagnostics, keyOf)
  return groups.map((group, index) => {
    const [first] = group as [Diagnostic]
    if (first.severity === 'error' && group.length === 1)
      return shorten(renderDiagnostic(first, sources, paint))
    const next = groups[index + 1]?.[0]
    const hint = hintOf(group)
    const repeated = next?.code === first.code && hint === hintOf(groups[index + 1] ?? [])
    const place = first.at === undefined ? '' : `${visibleLine(formatSpan(first.at, sources))}: `
    const line = `${paint('bold', place)}${paint(first.severity, first.severity)}: ${visibleLine(messageOf(group))}${pathsOf(group, paint)} ${paint('dim', `[${first.code}]`)}`
    return shorten(
      hint === undefined || repeated
        ? line
        : `${line}\n  ${paint('note', 'hint')}: ${visibleLine(hint)}`,
    )
  })
}

function groupBy(
  diagnostics: readonly Diagnostic[],
  key: (diagnostic: Diagnostic) => string,
): Diagnostic[][] {
  const groups = new Map<string, Diagnostic[]>()
  for (const diagnostic of diagnostics) {
    const known = groups.get(key(diagnostic))
    if (known === undefined) groups.set(key(diagnostic), [diagnostic])
    else known.push(diagnostic)
  }
  return [...groups.values()]
}

/** What diagnostics of one line have in common: everything but the service, and of variables that are not set the file. */
function keyOf(diagnostic: Diagnostic): string {
  const { code, severity, message, hint = '', at } = diagnostic
  if (diagnostic.unsetVariable !== undefined) return JSON.stringify([code, at?.file])
  const service = serviceOf(diagnostic)
  const general = (text: string) =>
    service === undefined ? text : text.split(wordOf(service)).join('\0')
  // A hint with the path itself applies to it alone: `accept services/web/volumes/0`.
  const ofPath = hint.includes(diagnostic.path.slice(1) || '\0')
  return JSON.stringify([code, severity, general(message), ofPath ? hint : general(hint)])
}

function serviceOf({ path }: Diagnostic): string | undefined {
  const [key, service] = fromPointer(path)
  return key === 'services' ? service : undefined
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`)
}

function messageOf(group: readonly Diagnostic[]): string {
  const [first] = group as [Diagnostic]
  const names = new Set(group.flatMap(({ unsetVariable }) => unsetVariable ?? []))
  return names.size < 2
    ? first.message
    : `the variables ${[...names].join(', ')} are not set; empty strings are used`
}

function hintOf(group: readonly Diagnostic[]): string | undefined {
  const several = new Set(group.flatMap(({ unsetVariable }) => unsetVariable ?? [])).size > 1
  return several
    ? 'set them in the environment or in the .env file, or give defaults'
    : group[0]?.hint
}

/** The path of the first, where its message does not have it, and the other services. */
function pathsOf(group: readonly Diagnostic[], paint: Paint): string {
  const [first] = group as [Diagnostic]
  if (first.unsetVariable !== undefined) return ''
  const shown = displayPath(first.path)
  const own = serviceOf(first)
  const others = new Set(group.flatMap((one) => serviceOf(one) ?? []).filter((one) => one !== own))
  const paths = [
    ...(first.message.includes(shown) ? [] : [shown]),
    ...(others.size === 0 ? [] : [`also ${[...others].join(', ')}`]),
  ]
  return paths.length === 0 ? '' : ` ${paint('dim', `(${visibleLine(paths.join('; '))})`)}`
}
