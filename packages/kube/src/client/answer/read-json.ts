import { AnswerError } from '../status-error.ts'

/** Bytes of one answer: 500 pods are half of it, and so are ten of the largest objects that etcd holds (1.5 MiB). */
export const LARGEST_ANSWER: number = 16 * 1024 ** 2

/** Values in one answer: a hundred bytes of memory each, however few bytes they have as text. */
const MOST_VALUES = 1_000_000

/** Objects and lists within each other; Kubernetes itself accepts no more in a custom resource. */
const DEEPEST = 200

/** The whole text of a body. Throws an AnswerError for one that is larger than `limit` bytes. */
export async function readText(
  body: AsyncIterable<Uint8Array> | null,
  limit: number = LARGEST_ANSWER,
): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > limit)
      throw new AnswerError(`more than ${Math.round(limit / 1024 ** 2)} MiB`, { tooLarge: true })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A text as JSON. Throws an AnswerError for what is not JSON, or would take too much memory or too deep a stack. */
export function parseJson(text: string): unknown {
  measure(text)
  try {
    return JSON.parse(text)
  } catch {
    const [begin = ''] = text.trimStart().split('\n', 1)
    throw new AnswerError(
      text.trim() === '' ? 'an empty text' : `a text that is not JSON: ${begin.slice(0, 60)}`,
    )
  }
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [...'"\\,[]{}'].map(
  (character) => character.charCodeAt(0),
)

/** Each value of a text follows a comma or an opening bracket. */
function measure(text: string): void {
  let [values, depth] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfText(text, at)
    else if (code === COMMA) values++
    else if (code === OPEN || code === OPEN_LIST) {
      values++
      if (++depth > DEEPEST) throw new AnswerError(`more than ${DEEPEST} levels of JSON`)
    } else if (code === CLOSE || code === CLOSE_LIST) depth--
  }
  if (values > MOST_VALUES)
    throw new AnswerError(`more than ${MOST_VALUES} values`, { tooLarge: true })
}

/** Where the text that begins with a quote ends. */
function endOfText(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}
