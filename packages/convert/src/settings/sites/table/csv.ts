/** A value of a table with its place in the text. */
export interface Cell {
  text: string
  start: number
  end: number
}

/**
 * The rows of a CSV file (RFC 4180): commas, quotes around values with commas or line ends, a quote in them doubled; blanks around values have no
 * meaning. Empty lines are left out. A text is what is wrong, with its place.
 */
export function parseCsv(text: string): Cell[][] | { problem: string; start: number } {
  const rows: Cell[][] = []
  let row: Cell[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  const end = () => {
    if (row.length > 1 || row[0]?.text !== '') rows.push(row)
    row = []
  }
  while (at < text.length) {
    const blanks = /[ \t]*/y
    blanks.lastIndex = at
    if (blanks.test(text) && text[blanks.lastIndex] === '"') at = blanks.lastIndex
    const start = at
    let value = ''
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) return { problem: 'a quote is not closed', start }
        if (text[at] !== '"') value += text[at]
        else if (text[at + 1] === '"') {
          value += '"'
          at++
        } else break
      }
      at++
      while (text[at] === ' ' || text[at] === '\t') at++
      if (at < text.length && !/[,\r\n]/.test(text[at] as string))
        return { problem: 'a comma is missing after a quoted value', start: at }
    } else {
      while (at < text.length && !/[,\r\n]/.test(text[at] as string)) at++
      value = text.slice(start, at).trim()
    }
    row.push({ text: value, start, end: at })
    if (text[at] === ',') {
      at++
      if (at >= text.length || /[\r\n]/.test(text[at] as string))
        row.push({ text: '', start: at, end: at })
    }
    if (at >= text.length || /[\r\n]/.test(text[at] as string)) {
      end()
      while (at < text.length && /[\r\n]/.test(text[at] as string)) at++
    }
  }
  return rows
}
