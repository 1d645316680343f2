import { type Document, isCollection, isScalar, visit, type YAMLParseError } from 'yaml'

interface Explanation {
  readonly message: string
  /** UTF-16 offsets. */
  readonly start: number
  readonly end: number
  readonly hint?: string
}

/** A syntax error in words for people, at the place where it has to be mended. */
export function explainYamlError(
  error: YAMLParseError,
  document: Document,
  text: string,
): Explanation {
  const indentation = /^ */.exec(text.slice(error.pos[0], error.pos[0] + 1000))?.[0].length ?? 0
  const [start, end] = [error.pos[0] + indentation, error.pos[1]]
  const place = { start, end: Math.max(end, start + 1) }
  const quote = /^Missing closing (["'])/.exec(error.message)?.[1]
  const bracket = /^Flow (map|sequence) .* end with a/.exec(error.message)?.[1]
  if (quote !== undefined || bracket !== undefined) {
    const open = openingBefore(document, start, quote !== undefined)
    const mark = quote ?? (bracket === 'map' ? '{' : '[')
    return {
      message: `a ${mark} is opened here and never closed`,
      ...(open === undefined ? place : { start: open, end: open + 1 }),
      hint: `close it with ${{ '{': '}', '[': ']' }[mark] ?? mark}`,
    }
  }
  for (const { when, message, hint } of explanations)
    if (when === error.code || (when instanceof RegExp && when.test(error.message)))
      return { message: message ?? firstLine(error.message), ...place, hint }
  return { message: firstLine(error.message), ...place }
}

const explanations: readonly {
  readonly when: string | RegExp
  readonly message?: string
  readonly hint: string
}[] = [
  {
    when: 'TAB_AS_INDENT',
    message: 'a tab is used as indentation',
    hint: 'indent with spaces',
  },
  {
    when: /^Nested mappings are not allowed/,
    message: 'a value contains ": ", which makes it a mapping',
    hint: 'put the value in quotes',
  },
  {
    when: /^Plain value cannot start with/,
    message: 'a value begins with a character that YAML reserves',
    hint: 'put the value in quotes',
  },
  {
    when: /^All (?:mapping|sequence) items must start at the same column/,
    message: 'this line is not aligned with the lines above it',
    hint: 'indent the keys of a mapping, and the items of a list, alike',
  },
  {
    when: /^Implicit keys? need|^Implicit map keys need/,
    message: 'this line is neither a key nor a value',
    hint: 'write "key: value", with a space after the colon',
  },
  {
    when: /^A block sequence may not be used as an implicit map key/,
    message: 'a list where a key is expected',
    hint: 'indent the list under the key that it belongs to',
  },
  {
    when: 'BAD_INDENT',
    hint: 'indent the keys of a mapping, and the items of a list, alike',
  },
  {
    when: /^Unexpected (?:scalar|flow-\w+-end)/,
    message: 'there is something after the end of a value',
    hint: 'check for an extra quote or bracket',
  },
]

/** Where the quote or bracket stands that is still open at an offset. */
function openingBefore(document: Document, offset: number, quoted: boolean): number | undefined {
  let opening: number | undefined
  visit(document, {
    Node(_key, node) {
      const range = node.range
      const opens = quoted
        ? isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
        : isCollection(node) && node.flow === true
      if (opens && range && range[0] < offset && range[1] >= offset) opening = range[0]
    },
  })
  return opening
}

function firstLine(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
}
