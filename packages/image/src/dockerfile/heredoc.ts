import { shellWords } from './words.ts'

/** Text below an instruction, up to a line that is the delimiter alone. */
export interface Heredoc {
  delimiter: string
  /** `<<-`: tabs before the lines, also before the delimiter, do not count. */
  stripsTabs: boolean
}

/** A word, with its quotes: blanks in them do not end it. */
const WORD = /(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/gs

/** `<<EOF`, `3<<-"E O F"`; not `<<<text`, and not in the middle of a word. */
const START = /^\d*<<(-?)\s*([^<]+)$/s

/**
 * The heredocs that an instruction opens, in their order. Only RUN, COPY and ADD have them, also behind ONBUILD, and not in
 * the JSON form. https://docs.docker.com/reference/dockerfile/#here-documents
 */
export function heredocsOf({ name, text }: { name: string; text: string }): Heredoc[] {
  const [, inner = ''] = /^(\w+)\s/.exec(text) ?? []
  if (!/^(RUN|COPY|ADD)$/i.test(name === 'ONBUILD' ? inner : name)) return []
  if (isJsonForm(text)) return []
  return [...text.matchAll(WORD)].flatMap(([word]) => {
    const [, dash, rest] = START.exec(word) ?? []
    if (rest === undefined) return []
    const [delimiter, ...more] = shellWords(rest, (name) => `$${name}`, '\\')
    if (delimiter === undefined || more.length > 0) return []
    return [{ delimiter, stripsTabs: dash === '-' }]
  })
}

function isJsonForm(text: string): boolean {
  if (!text.startsWith('[')) return false
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}
