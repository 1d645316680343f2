/** The lines of a stream of UTF-8 bytes as they come, without their line ends; a last line needs none. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending: string[] = []
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    const last = pieces.pop() as string
    for (const piece of pieces) {
      yield [...pending, piece].join('').replace(/\r$/, '')
      pending = []
    }
    if (last !== '') pending.push(last)
  }
  const rest = pending.join('') + decoder.decode()
  if (rest !== '') yield rest
}
