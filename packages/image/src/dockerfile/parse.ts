import { recordOf } from '@landfall/diagnostic'
import { heredocsOf } from './heredoc.ts'

/** One instruction of a Dockerfile: `HEALTHCHECK --interval=5s CMD curl -f localhost`. */
export interface Instruction {
  /** In upper case. */
  name: string
  /** The values of each flag in their order: `RUN` can have several `--mount`. */
  flags: Readonly<Record<string, readonly string[]>>
  /** What stands behind name and flags, on one line. */
  text: string
  /** Of its first line, from 1. */
  line: number
  /** The whole instruction as it is written, continued lines joined. */
  source: string
}

/** The instructions in their order, and the character that takes the meaning from the next one. */
export interface Dockerfile {
  escapeMark: string
  instructions: readonly Instruction[]
}

/**
 * Reads a Dockerfile: continued lines are joined, comments and the texts of heredocs left out. Takes any text.
 * https://docs.docker.com/reference/dockerfile/
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const escapeMark = escapeOf(lines)
  const continued = escapeMark === '`' ? /(?:^|[^`])`[ \t]*$/ : /(?:^|[^\\])\\[ \t]*$/
  const instructions: Instruction[] = []
  let open: { source: string; line: number } | undefined
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const { source: before, line: first } = open ?? { source: '', line: at + 1 }
    if (continued.test(line)) {
      const end = line.lastIndexOf(escapeMark)
      open = { source: before + line.slice(0, end), line: first }
      continue
    }
    const instruction = parseInstruction(before + line, first)
    open = undefined
    instructions.push(instruction)
    at = endOfHeredocs(lines, at, instruction)
  }
  if (open !== undefined && open.source.trim() !== '')
    instructions.push(parseInstruction(open.source, open.line))
  return { escapeMark, instructions }
}

/** Directives are comments before anything else. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, key, value] = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? []
    if (key === undefined) return '\\'
    if (key.toLowerCase() === 'escape') return value === '`' ? '`' : '\\'
  }
  return '\\'
}

function parseInstruction(source: string, line: number): Instruction {
  const [, name = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(source) ?? []
  const flags = recordOf<string[]>()
  let text = rest
  for (;;) {
    const [all, flag, value = ''] = /^--([a-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text) ?? []
    if (all === undefined || flag === undefined) break
    flags[flag] = [...(flags[flag] ?? []), value]
    text = text.slice(all.length)
  }
  return { name: name.toUpperCase(), flags, text: text.trim(), line, source: source.trim() }
}

function withoutTabs(line: string, stripsTabs: boolean): string {
  return stripsTabs ? line.replace(/^\t+/, '') : line
}

/** The index of the line on which the last heredoc of an instruction ends; the same line where it has none. */
function endOfHeredocs(lines: readonly string[], from: number, instruction: Instruction): number {
  let at = from
  for (const { delimiter, stripsTabs } of heredocsOf(instruction)) {
    do at += 1
    while (at < lines.length && withoutTabs(lines[at] ?? '', stripsTabs) !== delimiter)
    if (at >= lines.length) return from
  }
  return at
}
