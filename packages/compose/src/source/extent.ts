/** A file or document is at least as much work as this many values. */
const startFee = 1000

/**
 * About how many values a YAML text holds, judged without reading it: its lines, and what lines hold beyond a key and
 * a value.
 */
export function extentOf(text: string): number {
  let lines = 1
  let marks = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 10) lines++
    else if (char === 32) {
      if (before === 58 || before === 45 || before === 63) marks++ // ": ", "- ", "? "
    } else if (char === 44 || char === 91 || char === 123)
      marks++ // "," "[" "{"
    else if (char === 38 || char === 42 || char === 33) marks++ // "&" "*" "!"
    before = char
  }
  return startFee + lines + Math.max(0, marks - 2 * lines)
}
