import { AnswerError } from './status-error.ts'

interface LineOptions {
  /** Characters of a line. */
  longest: number
  /** A longer line ends with the number of characters that are left out, or is an AnswerError. */
  beyond: 'cut' | 'refuse'
  /** Whether a last line without a line end counts. */
  unfinished: boolean
}

/** The lines of a stream of UTF-8 bytes as they come, without their line ends. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  { longest, beyond, unfinished }: LineOptions,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending: string[] = []
  let [kept, dropped] = [0, 0]
  const add = (piece: string): void => {
    if (kept + piece.length > longest && beyond === 'refuse')
      throw new AnswerError(`a line of more than ${longest} characters`)
    const part = piece.slice(0, longest - kept)
    if (part !== '') pending.push(part)
    kept += part.length
    dropped += piece.length - part.length
  }
  const line = (): string => {
    const whole = pending.join('').replace(/\r$/, '')
    const text = dropped === 0 ? whole : `${whole} … (${dropped} more characters)`
    pending = []
    kept = dropped = 0
    return text
  }
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    const last = pieces.pop() as string
    for (const piece of pieces) {
      add(piece)
      yield line()
    }
    add(last)
  }
  add(decoder.decode())
  if (unfinished && kept > 0) yield line()
}
