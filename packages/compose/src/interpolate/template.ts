/** The value of a variable; undefined: not set. */
export type Lookup = (name: string) => string | undefined

export type TemplateError =
  | { readonly kind: 'invalid'; readonly template: string }
  | { readonly kind: 'required'; readonly variable: string; readonly message: string }
  | { readonly kind: 'too-large' }

/** An error as a sentence without its place. */
export function describeTemplateError(error: TemplateError): string {
  switch (error.kind) {
    case 'invalid':
      return `"${error.template}" is not a valid use of a variable`
    case 'required':
      return `the variable ${error.variable} is not set${error.message && `: ${error.message}`}`
    case 'too-large':
      return 'a value has too many variables, or is too long with them'
  }
}

export interface Substitution {
  readonly text: string
  /** The first error; the text is then of no use. */
  readonly error?: TemplateError
  /** Variables that are not set and have no default, in order of appearance. */
  readonly unset: readonly string[]
  /** Variables whose values went into the text. */
  readonly used: readonly string[]
}

/**
 * `$$`, `$NAME`, `${NAME…}` or what is neither. The braced form reaches to the last `}` of the line: Docker Compose
 * matches so and cuts afterwards, and texts exist that depend on it.
 */
export const templatePattern = (): RegExp =>
  /\$(?:(?<escaped>\$)|(?<named>[_a-z][_a-z0-9]*)|\{(?:(?<braced>[_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?)\}|(?<invalid>)))/gi

const operators = [':?', '?', ':-', '-', ':+', '+'] as const
type Operator = (typeof operators)[number]

/**
 * Replaces variables as Docker Compose does: defaults are substituted in turn, and eagerly, values never.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
 */
export function substitute(template: string, lookup: Lookup): Substitution {
  if (!template.includes('$')) return { text: template, unset: [], used: [] }
  if (isTooLarge(template)) return { text: '', error: { kind: 'too-large' }, unset: [], used: [] }
  const unset: string[] = []
  const used: string[] = []
  let error: TemplateError | undefined

  let length = template.length
  const get = (name: string): string | undefined => {
    const value = lookup(name)
    if (value === undefined) return undefined
    used.push(name)
    length += value.length
    if (length <= lengthLimit) return value
    fail({ kind: 'too-large' })
    return ''
  }
  const run = (text: string): string | undefined => {
    let failed = false
    const out = text.replace(templatePattern(), (match) => {
      const replaced = replace(match, text)
      if (replaced === undefined) failed = true
      return replaced ?? ''
    })
    return failed ? undefined : out
  }
  const fail = (problem: TemplateError): undefined => {
    error ??= problem
    return undefined
  }
  const replace = (match: string, whole: string): string | undefined => {
    const operator = firstOperator(match)
    const close = closingBrace(match)
    const rest = close === -1 ? '' : match.slice(close + 1)
    const groups = templatePattern().exec(close === -1 ? match : match.slice(0, close + 1))?.groups
    if (groups?.escaped) return groups.escaped
    const expression = groups?.named || groups?.braced
    if (!expression) return fail({ kind: 'invalid', template: whole })
    if (groups?.braced && operator !== undefined && expression.includes(operator)) {
      const at = expression.indexOf(operator)
      const name = expression.slice(0, at)
      const alternative = run(expression.slice(at + operator.length))
      if (alternative === undefined) return undefined
      const value = applyOperator(operator, name, get(name), alternative)
      if (typeof value !== 'string') return fail(value)
      const tail = run(rest)
      return tail === undefined ? undefined : value + tail
    }
    const value = get(expression)
    if (value === undefined) unset.push(expression)
    return value ?? ''
  }

  const text = run(template) ?? ''
  return error === undefined ? { text, unset, used } : { text, error, unset, used }
}

/** UTF-16 units of a template with the values of its variables: as long as a file may be. */
const lengthLimit = 4 * 1024 * 1024

/** The braced form is matched in square time, and nested defaults are substituted by recursion. */
function isTooLarge(template: string): boolean {
  if (!template.includes('${')) return template.split('$').length > 100_000
  return template.length > 256 * 1024 || template.split('${').length > 1000
}

function applyOperator(
  operator: Operator,
  variable: string,
  value: string | undefined,
  alternative: string,
): string | TemplateError {
  const counts = operator.startsWith(':')
    ? value !== undefined && value !== ''
    : value !== undefined
  if (operator.endsWith('?'))
    return counts ? (value as string) : { kind: 'required', variable, message: alternative }
  if (operator.endsWith('-')) return counts ? (value as string) : alternative
  return counts ? alternative : (value ?? '')
}

/** The operator that stands first; `:-` before its own `-`. */
function firstOperator(text: string): Operator | undefined {
  let first: Operator | undefined
  let firstAt = Number.POSITIVE_INFINITY
  for (const operator of operators) {
    const at = text.indexOf(operator)
    if (at !== -1 && at < firstAt) {
      first = operator
      firstAt = at
    }
  }
  return first
}

/** Where the braces balance. The character after each `{` is not looked at, as in Docker Compose. */
export function closingBrace(text: string): number {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '}' && --open === 0) return at
    if (text[at] === '{') {
      open++
      at++
    }
  }
  return -1
}
