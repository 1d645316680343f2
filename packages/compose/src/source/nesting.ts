/** More levels than this is no project; some thousand would exhaust the stack of the YAML parser. */
const depthLimit = 400

/** What can open a level, or stand before one that opens on the same line: `- `, `? `, `key: `, an anchor, a tag. */
const opening = /[-?][ \t]+|[&!]\S*[ \t]+|[^\s:,"'[\]{}]+:[ \t]+/y

/**
 * Where a YAML text nests deeper than any project, judged by brackets and indentation alone and without reading it.
 * undefined: nowhere.
 */
export function tooDeepAt(text: string): number | undefined {
  const indents: number[] = []
  let brackets = 0
  for (let lineStart = 0; lineStart < text.length; ) {
    const nextLine = text.indexOf('\n', lineStart)
    const lineEnd = nextLine === -1 ? text.length : nextLine
    let at = lineStart
    while (text[at] === ' ') at++
    if (at < lineEnd) {
      while ((indents.at(-1) ?? -1) >= at - lineStart) indents.pop()
      indents.push(at - lineStart)
    }
    opening.lastIndex = at
    for (let level = indents.length; opening.test(text); level++) {
      if (level > depthLimit) return at
      at = opening.lastIndex
    }
    if (indents.length > depthLimit) return at
    for (; at < lineEnd; at++) {
      const char = text[at]
      if (char === '[' || char === '{') brackets++
      else if ((char === ']' || char === '}') && brackets > 0) brackets--
      if (brackets > depthLimit) return at
    }
    lineStart = lineEnd + 1
  }
  return undefined
}
