import { resolvePlain } from '../source/scalar.ts'

/** Texts without any character that means something to YAML. */
const ordinary = /^[A-Za-z_/][A-Za-z0-9_/.=-]*$/

const lineBreak = /[\n\r\u0085\u2028\u2029]/

/** A text as go-yaml writes it; `indent` is the column of the lines of a block. */
export function printText(text: string, indent: number): string {
  if (ordinary.test(text)) return isPlainText(text) ? text : printDouble(text)
  const facts = analyze(text)
  if (text.includes('\n'))
    return facts.blockAllowed ? printLiteral(text, indent) : printDouble(text)
  if (!isPlainText(text)) return printDouble(text)
  if (facts.plainAllowed) return text
  return facts.singleAllowed ? printSingle(text, indent) : printDouble(text)
}

/** Whether a text without quotes is read back as a text, by YAML 1.1 too. */
function isPlainText(text: string): boolean {
  if (resolvePlain(text).type !== 'string') return false
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text)) return false
  return !/^(?:[yYnN]|yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/.test(text)
}

interface Facts {
  readonly plainAllowed: boolean
  readonly singleAllowed: boolean
  readonly blockAllowed: boolean
}

function analyze(text: string): Facts {
  const leading = /^[ \n\r\u0085\u2028\u2029]/.test(text)
  const trailing = /[ \n\r\u0085\u2028\u2029]$/.test(text)
  const breakSpace = /[\n\r\u0085\u2028\u2029] /.test(text)
  const spaceBreak = / [\n\r\u0085\u2028\u2029]/.test(text)
  const special = [...text].some((char) => char !== '\t' && !isPrintable(char))
  const indicator =
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:[ \t]|$)/.test(text) ||
    /:(?:[ \t]|$)/.test(text) ||
    /[ \t\n\r\u0085\u2028\u2029\0]#/.test(text)
  const singleAllowed = !(breakSpace || spaceBreak || special || text.includes('\t'))
  return {
    plainAllowed: singleAllowed && !(leading || trailing || indicator || lineBreak.test(text)),
    singleAllowed,
    blockAllowed: !(text.endsWith(' ') || spaceBreak || special),
  }
}

/**
 * What go-yaml takes for printable: nothing beyond the basic plane, and no byte order mark. Unlike go-yaml, characters that change
 * the order of the text around them are written as escapes, which mean the same.
 */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) as number
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff && !reorders(code)) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  )
}

/** Embeddings, overrides and isolates of Unicode UAX #9. */
function reorders(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
}

/** Only line breaks that are no line feeds come here. */
function printSingle(text: string, indent: number): string {
  const body = text
    .replaceAll("'", "''")
    .replace(/([\u2028\u2029])(?=[^\u2028\u2029])/g, `$1${' '.repeat(indent)}`)
  return `'${body}'`
}

function printLiteral(text: string, indent: number): string {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? '2' : ''
  const chomp = !/[\n\u2028\u2029]$/.test(text)
    ? '-'
    : /^.$|[\n\u2028\u2029].$/su.test(text)
      ? '+'
      : ''
  const lines = text.replace(
    /(^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g,
    `$1${' '.repeat(indent)}`,
  )
  return `|${hint}${chomp}\n${lines}`
}

const named: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
}

/** After a byte order mark at its beginning, go-yaml escapes every character of a text. */
function printDouble(text: string): string {
  const everything = text.startsWith('\ufeff')
  const body = [...text].map((char) => {
    const plain = isPrintable(char) && !lineBreak.test(char) && char !== '"' && char !== '\\'
    return plain && !everything ? char : `\\${named[char] ?? hexEscape(char)}`
  })
  return `"${body.join('')}"`
}

function hexEscape(char: string): string {
  const code = char.codePointAt(0) as number
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8]
  return `${letter}${code
    .toString(16)
    .toUpperCase()
    .padStart(width as number, '0')}`
}
