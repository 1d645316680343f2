import { shellWords } from './words.ts'

/** Text below an instruction, up to a line that is the delimiter alone. */
export interface Heredoc {
  delimiter: string
  /** `<<-`: tabs before the lines, also before the delimiter, do not count. */
  stripsTabs: boolean
}

/** A word with its quotes, which keep blanks in it, as the two signs of a heredoc keep those behind them. */
const WORD = /(?:<<[ \t]*|\\(?:.|$)|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/gs

/** `<<EOF`, `3<<-"E O F"`; not `<<<text`, and not in the middle of a word. */
const START = /^\d*<<(-?)\s*([^<]*)$/s

/**
 * The heredocs that an instruction opens, in their order. Only RUN, COPY and ADD have them, also behind ONBUILD, and not in
 * the JSON form. https://docs.docker.com/reference/dockerfile/#here-documents
 */
export function heredocsOf({ name, text }: { name: string; text: string }): Heredoc[] {
  if (!text.includes('<<')) return []
  if (name === 'ONBUILD') {
    const [, inner = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(text) ?? []
    return inner.toUpperCase() === name ? [] : heredocsOf({ name: inner, text: rest })
  }
  if (!/^(RUN|COPY|ADD)$/i.test(name) || isJsonForm(text)) return []
  // Behind a quote that does not end nothing is a word.
  if (/["']/.test(text.replace(WORD, ''))) return []
  return [...text.matchAll(WORD)].flatMap(([word]) => {
    const [, dash, rest = ''] = START.exec(word) ?? []
    const [delimiter, ...more] = shellWords(rest, (variable) => `$${variable}`, '\\')
    if (delimiter === undefined || more.length > 0) return []
    return [{ delimiter, stripsTabs: dash === '-' }]
  })
}

function isJsonForm(text: string): boolean {
  if (!text.startsWith('[')) return false
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((one) => typeof one === 'string')
  } catch {
    return false
  }
}
