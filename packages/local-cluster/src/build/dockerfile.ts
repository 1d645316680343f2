/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case: `FROM`, `RUN`. */
  keyword: string
  /** What follows the keyword; continued lines joined, white space as one blank. */
  text: string
  /** Of its first line, from 1. */
  line: number
}

/** An image that a Dockerfile builds on. */
export interface BaseImage {
  image: string
  /** Of the FROM or COPY that names it, from 1. */
  line: number
}

/** The instructions of a Dockerfile, without comments; continuation lines are joined (here-documents are not known). */
export function parseDockerfile(text: string): Instruction[] {
  const continuation = /^#\s*escape\s*=\s*`\s*$/im.test(text) ? '`' : '\\'
  const instructions: Instruction[] = []
  let open: { line: number; parts: string[] } | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(raw) || (open !== undefined && raw.trim() === '')) continue
    if (open === undefined && raw.trim() === '') continue
    const trimmed = raw.trimEnd()
    const continued = trimmed.endsWith(continuation)
    open ??= { line: index + 1, parts: [] }
    open.parts.push(continued ? trimmed.slice(0, -1) : trimmed)
    if (continued) continue
    const instruction = instructionOf(open)
    if (instruction !== undefined) instructions.push(instruction)
    open = undefined
  }
  const last = open && instructionOf(open)
  return last === undefined ? instructions : [...instructions, last]
}

function instructionOf({ line, parts }: { line: number; parts: string[] }) {
  const [, keyword, text] = /^\s*(\S+)\s*([\s\S]*)$/.exec(parts.join(' ')) ?? []
  if (keyword === undefined || text === undefined) return undefined
  return { keyword: keyword.toUpperCase(), text: text.trim().replace(/\s+/g, ' '), line }
}

/**
 * The images that a build pulls: those of FROM and `COPY --from` that are not stages of the same file, once each. Build
 * arguments that are declared before the first FROM are filled in.
 */
export function baseImages(
  instructions: readonly Instruction[],
  args: Readonly<Record<string, string>>,
): BaseImage[] {
  const values = new Map<string, string>()
  const stages = new Set<string>(['scratch'])
  const found = new Map<string, BaseImage>()
  let count = 0
  const add = (image: string, line: number) => {
    if (!stages.has(image.toLowerCase()) && !found.has(image)) found.set(image, { image, line })
  }
  for (const { keyword, text, line } of instructions) {
    if (keyword === 'ARG' && count === 0) {
      for (const declared of text.split(' ')) {
        const [name = '', value] = declared.split(/=(.*)/s)
        const given = args[name] ?? value?.replace(/^(["'])(.*)\1$/, '$2')
        if (given !== undefined) values.set(name, given)
      }
    }
    if (keyword === 'FROM') {
      const words = text.split(' ').filter((word) => !word.startsWith('--'))
      add(fillIn(words[0] ?? '', values), line)
      if (words[1]?.toUpperCase() === 'AS' && words[2] !== undefined)
        stages.add(words[2].toLowerCase())
      stages.add(String(count++))
    }
    if (keyword === 'COPY' || keyword === 'ADD' || keyword === 'RUN') {
      const options = /^(?:--\S+ )*/.exec(text)?.[0] ?? ''
      const from = /(?:--|,)from=([^ ,]+)/.exec(options)?.[1]
      if (from !== undefined) add(from, line)
    }
  }
  return [...found.values()]
}

/** `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`, as FROM knows them. */
function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain?: string, braced?: string, operator?: string, word = '') => {
      const value = values.get(plain ?? braced ?? '') ?? ''
      if (operator === '-') return value === '' ? word : value
      if (operator === '+') return value === '' ? '' : word
      return value
    },
  )
}

/** The line of the instruction that a builder quotes in its error, undefined when none reads like that. */
export function lineOfStep(
  instructions: readonly Instruction[],
  quoted: string,
): number | undefined {
  const wanted = quoted.trim().replace(/\s+/g, ' ')
  return instructions.find(({ keyword, text }) => `${keyword} ${text}`.trim() === wanted)?.line
}
