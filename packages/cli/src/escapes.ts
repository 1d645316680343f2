import { randomUUID } from 'node:crypto'
import { visible } from '@landfall/diagnostic'

/** Stands for the escape character in texts of Landfall; no file or cluster can know it. */
const OWN_ESCAPE = `\uFDD0${randomUUID()}`

/** A control sequence of Landfall, without its escape character: `[31m` (ECMA-48). */
export function control(sequence: string): string {
  return OWN_ESCAPE + sequence
}

const OWN_COLOUR = new RegExp(`${OWN_ESCAPE}\\[[\\d;]*m`, 'g')

/** A text without the colours of {@link control}. */
export function withoutColours(text: string): string {
  return text.replace(OWN_COLOUR, '')
}

/** What a stream gets for a text: characters that a terminal obeys are shown, and the sequences of {@link control} are sent. */
export function printable(text: string): string {
  return visible(text).replaceAll(OWN_ESCAPE, '\x1b')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const SGR = /\x1b\[([\d;:]{0,60})m/g

/**
 * A line of a program as it is printed: its colours stay where `colours` are wanted, end with the line, and are left out elsewhere.
 * Hidden text (SGR 8) is no colour.
 */
export function programLine(line: string, colours: boolean): string {
  let coloured = false
  const text = line.replace(/\r$/, '').replace(SGR, (sequence, codes: string) => {
    if (hides(codes)) return sequence
    coloured = true
    return colours ? control(sequence.slice(1)) : ''
  })
  return coloured && colours ? text + control('[0m') : text
}

/** Whether a code of the sequence is 8; the numbers of a colour (`38;5;8`) are not codes. */
function hides(codes: string): boolean {
  const rest = codes.replace(/(?:^|(?<=;))[345]8[;:](?:5[;:]\d*|2(?:[;:]\d*){3})/g, '')
  return rest.split(/[;:]/).some((code) => Number(code) === 8)
}
