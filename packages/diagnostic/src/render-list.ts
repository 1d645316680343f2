import type { Diagnostic, Many } from './diagnostic.ts'
import { displayPath, fromPointer } from './pointer.ts'
import { type Paint, renderDiagnostic } from './render.ts'
import { formatSpan, type Sources } from './span.ts'
import { visibleLine } from './visible.ts'

/** How a list of diagnostics is printed. */
export interface ListStyle {
  paint: Paint
  /** Shortens the absolute paths in a text for the reader; none are shortened if omitted. */
  shorten?: (text: string) => string
  /** The word at the front of each line; the severity if omitted. */
  label?: string
}

/**
 * Diagnostics as texts for people: a line for each problem, and for all services, variables and paths that share it; a hint once,
 * after the last of the lines to which it applies. Errors also show the line of the file. Nothing is printed twice.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { paint, shorten = (text) => text, label }: ListStyle,
): string[] {
  const groups = groupBy(diagnostics, keyOf)
  const printed = new Set<string>()
  return groups.map((group, index) => {
    const [first] = group
    const next = groups[index + 1]
    const hint = hintOf(group)
    const isSaid = hint === undefined || printed.has(hint)
    const repeated = !isSaid && next !== undefined && hint === hintOf(next)
    const shown = isSaid || repeated ? undefined : hint
    if (shown !== undefined) printed.add(shown)
    if (first.severity === 'error' && label === undefined && group.length === 1) {
      const { hint: _, ...bare } = first
      return shorten(
        renderDiagnostic(shown === undefined ? bare : { ...bare, hint: shown }, sources, paint),
      )
    }
    const place = first.at === undefined ? '' : `${visibleLine(formatSpan(first.at, sources))}: `
    const line = `${paint('bold', place)}${paint(first.severity, label ?? first.severity)}: ${visibleLine(messageOf(group))}${pathsOf(group, paint)} ${paint('dim', `[${first.code}]`)}`
    return shorten(
      shown === undefined ? line : `${line}\n  ${paint('note', 'hint')}: ${visibleLine(shown)}`,
    )
  })
}

/** Diagnostics of one line. */
type Group = readonly [Diagnostic, ...Diagnostic[]]

function groupBy(
  diagnostics: readonly Diagnostic[],
  key: (diagnostic: Diagnostic) => string,
): Group[] {
  const groups = new Map<string, [Diagnostic, ...Diagnostic[]]>()
  for (const diagnostic of diagnostics) {
    const known = groups.get(key(diagnostic))
    if (known === undefined) groups.set(key(diagnostic), [diagnostic])
    else known.push(diagnostic)
  }
  return [...groups.values()]
}

/** What diagnostics of one line have in common: everything but the subject, or but the service. */
function keyOf(diagnostic: Diagnostic): string {
  const { code, severity, message, hint = '', many } = diagnostic
  if (many !== undefined) return JSON.stringify([code, severity, many.message, many.hint])
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

/** The name of a service as a word of its own, and in a path: `services.web.host`. */
function wordOf(name: string): RegExp {
  return new RegExp(
    `(?<![\\w-]|(?<!\\bservices)\\.)${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`,
  )
}

/** The sentence about all subjects of a line; undefined where there is only one. */
function manyOf(group: Group): (Many & { subjects: string[] }) | undefined {
  const subjects = [...new Set(group.flatMap(({ many }) => many?.subject ?? []))]
  const [{ many }] = group
  return many === undefined || subjects.length < 2 ? undefined : { ...many, subjects }
}

function messageOf(group: Group): string {
  const many = manyOf(group)
  return many === undefined
    ? group[0].message
    : many.message.replace('<all>', () => many.subjects.join(', '))
}

function hintOf(group: Group): string | undefined {
  return (manyOf(group) ?? group[0]).hint
}

/** The path of the first, where its message does not have it, and the other services; nothing for several subjects. */
function pathsOf(group: Group, paint: Paint): string {
  if (manyOf(group) !== undefined) return ''
  const [first] = group
  const shown = displayPath(first.path)
  const own = serviceOf(first)
  const others = new Set(group.flatMap((one) => serviceOf(one) ?? []).filter((one) => one !== own))
  const paths = [
    ...(first.message.includes(shown) ? [] : [shown]),
    ...(others.size === 0 ? [] : [`also ${[...others].join(', ')}`]),
  ]
  return paths.length === 0 ? '' : ` ${paint('dim', `(${visibleLine(paths.join('; '))})`)}`
}
