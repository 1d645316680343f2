/**
 * What a terminal obeys instead of showing it (ECMA-48: C0 but for tab and line feed, DEL, C1), and the characters that change the
 * order of the text around them (Unicode UAX #9: embeddings, overrides and isolates).
 */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** A text with such characters written out, as `\x1b` and `\u202e`. */
export function visible(text: string): string {
  return text.replace(OBEYED, (character) => {
    const code = character.charCodeAt(0)
    return code <= 0xff
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** The same for one line: line breaks are written out as well. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\r?\n/g, '\\n'))
}

/** A value as JSON without such characters. */
export function visibleJson(value: unknown, indent?: number): string {
  return visibleInJson(JSON.stringify(value, null, indent))
}

/** JSON in which such characters are escaped as JSON allows: they are in its strings alone. */
export function visibleInJson(json: string): string {
  return json.replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
