/** A file or document is at least as much work as this many values. */
const startFee = 1000

/**
 * About how many values a YAML text becomes, judged without reading it: its lines, items of lists twice as they have
 * long forms, and what lines hold beyond a key and a value.
 */
export function extentOf(text: string): number {
  let lines = 1
  let items = 0
  let marks = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 10) lines++
    else if (char === 32) {
      if (before === 58 || before === 63)
        marks++ // ": " "? "
      else if (before === 45) items++ // "- "
    } else if (char === 44 || char === 91 || char === 123)
      marks++ // "," "[" "{"
    else if (char === 38 || char === 42 || char === 33) marks++ // "&" "*" "!"
    before = char
  }
  return startFee + lines + items + Math.max(0, marks - 2 * lines)
}

/** About the same for the text of an env file, whose values can be long. */
export function extentOfVariables(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines + Math.ceil(text.length / 16)
}
