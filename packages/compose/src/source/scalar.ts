import type { ScalarNode } from '../tree/node.ts'

type Resolved = Pick<ScalarNode, 'type' | 'value'>

const words = new Map<string, Resolved>()
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, { type: 'null', value: null })
for (const word of ['true', 'True', 'TRUE']) words.set(word, { type: 'bool', value: true })
for (const word of ['false', 'False', 'FALSE']) words.set(word, { type: 'bool', value: false })
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, { type: 'float', value: Number.NaN })
for (const word of ['.inf', '.Inf', '.INF'])
  for (const [sign, value] of [
    ['', Number.POSITIVE_INFINITY],
    ['+', Number.POSITIVE_INFINITY],
    ['-', Number.NEGATIVE_INFINITY],
  ] as const)
    words.set(`${sign}${word}`, { type: 'float', value })

const couldBeMore = /^[-+.0-9yYnNtTfFoO~]/

/**
 * A plain scalar as go-yaml reads it: YAML 1.2 plus octals with a leading zero, binary numbers, `_` between digits and
 * dates; `yes`, `no`, `on`, `off` stay text.
 */
export function resolvePlain(text: string): Resolved {
  const word = words.get(text)
  if (word !== undefined) return word
  if (!couldBeMore.test(text)) return { type: 'string', value: text }
  const date = resolveTimestamp(text)
  if (date !== undefined) return { type: 'timestamp', value: date }
  return (
    resolveInt(text.replaceAll('_', '')) ?? resolveFloat(text) ?? { type: 'string', value: text }
  )
}

function resolveInt(digits: string): Resolved | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(digits)
  if (match === null) return undefined
  const [, sign, body = ''] = match
  const magnitude = BigInt(/^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body.toLowerCase())
  const value = sign === '-' ? -magnitude : magnitude
  if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) return undefined
  const number = Number(value)
  return { type: 'int', value: Number.isSafeInteger(number) ? number : value }
}

function resolveFloat(text: string): Resolved | undefined {
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '')
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? { type: 'float', value } : undefined
}

const timestamp =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ](\d\d?):(\d\d?):(\d\d?)([.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/

/** A date, or a date and time, as Go prints it: RFC 3339. */
function resolveTimestamp(text: string): string | undefined {
  const match = timestamp.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const hasZone = match[8] !== undefined
  if (match[4] !== undefined && hasZone === /\s/.test(text)) return undefined
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const two = (part: number) => String(part).padStart(2, '0')
  const fraction = (match[7] ?? '').replace(',', '.').replace(/\.?0+$/, '')
  return `${match[1]}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${match[8] ?? 'Z'}`
}

/** A scalar with one of YAML's own tags; undefined where the text does not fit the tag. */
export function resolveTagged(tag: string, text: string): Resolved | undefined {
  const plain = resolvePlain(text)
  switch (tag) {
    case 'tag:yaml.org,2002:str':
      return { type: 'string', value: text }
    case 'tag:yaml.org,2002:int':
      return plain.type === 'int' ? plain : undefined
    case 'tag:yaml.org,2002:float':
      return plain.type === 'int' || plain.type === 'float'
        ? { type: 'float', value: Number(plain.value) }
        : undefined
    case 'tag:yaml.org,2002:bool':
      return plain.type === 'bool' ? plain : undefined
    case 'tag:yaml.org,2002:null':
      return plain.type === 'null' ? plain : undefined
    case 'tag:yaml.org,2002:timestamp':
      return plain.type === 'timestamp' ? plain : undefined
    case 'tag:yaml.org,2002:binary':
      return decodeBinary(text)
    default:
      return { type: 'string', value: text }
  }
}

function decodeBinary(text: string): Resolved | undefined {
  const base64 = text.replace(/\s/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64))
    return undefined
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  return { type: 'string', value: new TextDecoder().decode(bytes) }
}
