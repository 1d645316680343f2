/** Words that some YAML reader takes for something else than a text (YAML 1.1, which kubectl reads, has many). */
const RESERVED = /^(?:true|false|yes|no|on|off|y|n|null|nil|nan|inf|e\d+)$/i

/** Texts that need no quotes in any version of YAML: words that begin with a letter, and quantities. */
const WORD = '[A-Za-z0-9_./(@][A-Za-z0-9_./():@+-]*(?<!:)'
const PLAIN = new RegExp(
  `^(?:-{0,2}[A-Za-z]|/)(?:[A-Za-z0-9_./:@+-]*(?<!:))?(?: ${WORD})*$|^\\d+(?:[KMG]i|m)$`,
)

/** Comments by the keys of the value above which they are printed, joined with `/`; '' is the top. Each is one line. */
type Comments = ReadonlyMap<string, readonly string[]>

/** What is written so far, and the comments that are left to write. */
interface Output {
  lines: string[]
  comments: Comments
}

/**
 * Plain JSON as YAML that YAML 1.1 and 1.2 readers understand alike: keys in the order of the object, block style,
 * multi-line texts as literal blocks, everything doubtful in double quotes. Comments are above what they are about.
 */
export function toYaml(value: unknown, comments: Comments = new Map()): string {
  const lines: string[] = []
  const output = { lines, comments }
  comment('', '', output)
  write(value, '', '', '', output)
  return `${lines.join('\n')}\n`
}

/** Writes the comments of a value at the indentation of its line. */
function comment(at: string, lead: string, { lines, comments }: Output): void {
  if (comments.size === 0) return
  const indent = /^ */.exec(lead)?.[0] ?? ''
  for (const text of comments.get(at) ?? []) lines.push(`${indent}# ${text}`)
}

function write(value: unknown, at: string, lead: string, indent: string, output: Output): void {
  const { lines } = output
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${lead}[]`)
    for (const [index, item] of value.entries()) {
      const start = index === 0 ? lead : indent
      const below = inside(at, String(index), output)
      comment(below, start, output)
      write(item, below, `${start}- `, `${indent}  `, output)
    }
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    if (entries.length === 0) lines.push(`${lead}{}`)
    for (const [index, [key, item]] of entries.entries()) {
      const start = index === 0 ? lead : indent
      const below = inside(at, key, output)
      comment(below, start, output)
      writeEntry(scalar(key), item, below, start, indent, output)
    }
  } else if (typeof value === 'string' && isBlock(value)) {
    lines.push(`${lead}|${value.endsWith('\n') ? '' : '-'}`)
    for (const line of value.replace(/\n$/, '').split('\n'))
      lines.push(line === '' ? '' : `${indent || '  '}${line}`)
  } else lines.push(`${lead}${typeof value === 'string' ? scalar(value) : String(value)}`)
}

/** The keys of a value, which matter where there are comments. */
function inside(at: string, key: string, { comments }: Output): string {
  if (comments.size === 0) return ''
  return at === '' ? key : `${at}/${key}`
}

function writeEntry(
  key: string,
  item: unknown,
  at: string,
  lead: string,
  indent: string,
  output: Output,
): void {
  const nested = typeof item === 'object' && item !== null && Object.keys(item).length > 0
  if (nested) {
    output.lines.push(`${lead}${key}:`)
    const deeper = Array.isArray(item) ? indent : `${indent}  `
    write(item, at, deeper, deeper, output)
  } else write(item, at, `${lead}${key}: `, `${indent}  `, output)
}

/** Whether a text of several lines survives as a literal block. */
export function isBlock(text: string): boolean {
  return (
    text.includes('\n') &&
    !/^[\s]/.test(text) &&
    !/\n\n$/.test(text) &&
    !/[ \t]$/.test(text) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a block cannot hold
    !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/.test(
      text,
    )
  )
}

function scalar(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) && !text.endsWith(' ') ? text : quoted(text)
}

/** JSON's quotes are YAML's, but for characters that YAML wants escaped as well. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
