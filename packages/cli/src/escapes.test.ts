import { expect, test } from 'vitest'
import { colourFor } from './colour.ts'
import { printable, programLine } from './escapes.ts'

const ESC = '\x1b'
const screen = { write: () => undefined, columns: 80, rows: 24 }

test('colours of Landfall are sent, and what they colour is shown', () => {
  const colour = colourFor(screen, {})
  expect(printable(colour('error', `web${ESC}[2J`))).toBe(`${ESC}[31mweb\\x1b[2J${ESC}[0m`)
})

test.each([
  ['a colour', `${ESC}[1;38;5;8mred${ESC}[0m`, `${ESC}[1;38;5;8mred${ESC}[0m${ESC}[0m`, 'red'],
  ['a colour that does not end', `${ESC}[31mred`, `${ESC}[31mred${ESC}[0m`, 'red'],
  ['hidden text', `${ESC}[8mpassword`, '\\x1b[8mpassword', '\\x1b[8mpassword'],
  ['a cursor', `${ESC}[2Aup`, '\\x1b[2Aup', '\\x1b[2Aup'],
  ['a link', `${ESC}]8;;x${ESC}\\y`, '\\x1b]8;;x\\x1b\\y', '\\x1b]8;;x\\x1b\\y'],
  ['a progress bar', '10%\r20%\r', '10%\\x0d20%', '10%\\x0d20%'],
])('a line of a program: %s', (_, line, onScreen, elsewhere) => {
  expect(printable(programLine(line, true))).toBe(onScreen)
  expect(printable(programLine(line, false))).toBe(elsewhere)
})
