/** A name that a key of `sites` stands for, and its number in the range. */
export interface ExpandedName {
  name: string
  number?: string
}

/** As many sites as one key may stand for. */
const MOST = 2_000

const RANGE = /^([^{}]*)\{(\d+)\.\.(\d+)\}([^{}]*)$/

/** The names of a key: `edge-{001..200}` has 200 of them with three digits each. A text is what is wrong with the key. */
export function namesOf(key: string): ExpandedName[] | string {
  const range = RANGE.exec(key)
  if (range === null) {
    if (/[{}]/.test(key)) return 'is not a range of numbers such as edge-{001..200}'
    return isSiteName(key) ? [{ name: key }] : NOT_A_NAME
  }
  const [, before = '', first = '', last = '', after = ''] = range
  const [from, to] = [Number(first), Number(last)]
  if (to < from) return `has no numbers: ${last} is less than ${first}`
  if (to - from >= MOST) return `stands for more than ${MOST} sites`
  const names = Array.from({ length: to - from + 1 }, (_, index) => {
    const number = String(from + index).padStart(first.length, '0')
    return { name: `${before}${number}${after}`, number }
  })
  return names.every(({ name }) => isSiteName(name)) ? names : NOT_A_NAME
}

const NOT_A_NAME =
  'is not a valid name of a site: use at most 40 lower case letters, digits and dashes'

/** Namespaces and files are named after a site. */
function isSiteName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)
}

/** Whether a name is one of those that a pattern with `*` means. */
export function matchesName(pattern: string, name: string): boolean {
  const text = pattern
    .split('*')
    .map((part) => part.replace(/[^A-Za-z0-9]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${text}$`).test(name)
}
