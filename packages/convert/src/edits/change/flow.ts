/** Where something is in a text. */
export interface Place {
  start: number
  end: number
}

/** A text without a part of it, or with another one in its place. */
export function spliced(text: string, { start, end }: Place, by = ''): string {
  return text.slice(0, start) + by + text.slice(end)
}

/** Adds an item between brackets, after the last one and with the space of the last one before it. `open`: of the bracket. */
export function addInBrackets(
  text: string,
  open: number,
  items: readonly Place[],
  item: string,
): string {
  const last = items.at(-1)
  if (last === undefined) return spliced(text, { start: open + 1, end: open + 1 }, item)
  const before = items.at(-2)?.end ?? open + 1
  const between = text.slice(before, last.start).replace(/^\s*,/, '')
  const space = /^\s*$/.test(between) && (items.length > 1 || /\n/.test(between)) ? between : ' '
  return spliced(text, { start: last.end, end: last.end }, `,${space}${item}`)
}

/** Removes an item between brackets with the comma that belongs to it. */
export function removeInBrackets(text: string, items: readonly Place[], index: number): string {
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]]
  if (item === undefined) return text
  if (after !== undefined) return spliced(text, { start: item.start, end: after.start })
  return spliced(text, { start: before?.end ?? item.start, end: item.end })
}

/** The lines that a part of a text is on, with the line break after them. */
export function linesAround(text: string, { start, end }: Place): Place {
  const after = text.indexOf('\n', Math.max(end - 1, start))
  return {
    start: text.lastIndexOf('\n', start - 1) + 1,
    end: after < 0 ? text.length : after + 1,
  }
}

/** Adds lines after the line in which a position is. */
export function addLinesAfter(text: string, position: number, lines: string): string {
  const end = text.indexOf('\n', position)
  const at = end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end
  return spliced(text, { start: at, end: at }, breaks(text, `\n${lines}`))
}

/** Adds lines at the end of a text. */
export function addLinesAtEnd(text: string, lines: string): string {
  const missing = text === '' || text.endsWith('\n') ? '' : '\n'
  return text + breaks(text, `${missing}${lines}\n`)
}

/** With the line breaks of the text. */
function breaks(text: string, lines: string): string {
  return text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines
}
