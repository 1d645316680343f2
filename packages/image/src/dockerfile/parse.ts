/** One instruction of a Dockerfile: `HEALTHCHECK --interval=5s CMD curl -f localhost`. */
export interface Instruction {
  /** In upper case. */
  name: string
  flags: Readonly<Record<string, string>>
  /** What stands behind name and flags, on one line. */
  text: string
}

/** The instructions in their order, and the character that takes the meaning from the next one. */
export interface Dockerfile {
  escapeMark: string
  instructions: readonly Instruction[]
}

const HEREDOC = /<<(-?)(["']?)([A-Za-z_]\w*)\2/g

/**
 * Reads a Dockerfile: continued lines are joined, comments and the texts of heredocs left out. Takes any text.
 * https://docs.docker.com/reference/dockerfile/
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const escapeMark = escapeOf(lines)
  const instructions: Instruction[] = []
  let open = ''
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const whole = line.trimEnd()
    if (whole.endsWith(escapeMark)) {
      open += whole.slice(0, -1)
      continue
    }
    const instruction = parseInstruction(open + line)
    open = ''
    instructions.push(instruction)
    if (/^(RUN|COPY|ADD)$/.test(instruction.name)) at = endOfHeredocs(lines, at, instruction.text)
  }
  if (open.trim() !== '') instructions.push(parseInstruction(open))
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

function parseInstruction(line: string): Instruction {
  const [, name = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(line) ?? []
  const flags: Record<string, string> = {}
  let text = rest
  for (;;) {
    const [all, flag, value = ''] = /^--([a-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text) ?? []
    if (all === undefined || flag === undefined) break
    flags[flag] = value
    text = text.slice(all.length)
  }
  return { name: name.toUpperCase(), flags, text: text.trim() }
}

/** The line on which the last heredoc of an instruction ends; the same line where it has none. */
function endOfHeredocs(lines: readonly string[], from: number, text: string): number {
  let at = from
  for (const [, dash, , delimiter] of text.matchAll(HEREDOC)) {
    const end = lines.findIndex(
      (line, index) => index > at && (dash === '-' ? line.replace(/^\t+/, '') : line) === delimiter,
    )
    if (end === -1) return from
    at = end
  }
  return at
}
