import type { Many, Origin, Report, Span } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { entrySpan, type Node, type ScalarNode, spanOfNode } from '../tree/node.ts'
import { pointerTo, type Rules, rulesAt, rulesForItems } from '../tree/rules.ts'
import { type Cast, casts, isOldBoolean } from './casts.ts'
import { describeTemplateError, type Lookup, substitute } from './template.ts'

const codes = {
  required: 'compose/required-variable',
  invalid: 'compose/invalid-interpolation',
  'too-large': 'compose/too-large',
} as const

/** Required variables of one project in one line, each with what the project says about it. */
function manyRequired(
  { variable, message }: { variable: string; message: string },
  hint: string | undefined,
): Many {
  return {
    subject: message === '' ? variable : `${variable} (${message})`,
    message: 'the required variables <all> are not set',
    hint: hint ?? 'set them in the environment or in the .env file',
  }
}

/**
 * Substitutes variables in every text of a tree and casts texts where numbers and booleans belong. What cannot be
 * read is reported and taken out. undefined: the node itself is taken out. `copy` is the command that makes the .env file of the
 * project from its template, if it is missing.
 */
export function interpolate(
  root: Node,
  lookup: Lookup,
  report: Report,
  copy?: string,
): Node | undefined {
  const copied = copy && `${copy}, then edit it`
  const warned = new Set<string>()
  return visit(root, casts, '')

  function visit(node: Node, rules: Rules<Cast> | undefined, pointer: string): Node | undefined {
    if (node.kind === 'scalar') return interpolateScalar(node, rules?.rule, pointer)
    if (node.kind === 'list') {
      const inside = rulesForItems(rules)
      node.items = node.items.flatMap(
        (item, index) => visit(item, inside, pointerTo(pointer, index)) ?? [],
      )
      return node
    }
    for (const [key, child] of node.entries) {
      const value = visit(child, rulesAt(rules, key), pointerTo(pointer, key))
      if (value === child) continue
      if (value !== undefined) node.entries.set(key, value)
      else {
        node.entries.delete(key)
        node.incomplete = true
      }
    }
    return node
  }

  function interpolateScalar(
    node: ScalarNode,
    cast: Cast | undefined,
    path: string,
  ): Node | undefined {
    if (node.type !== 'string') return node
    const template = node.value as string
    const at = spanOfNode(node)
    const { text, error, unset, used } = substitute(template, lookup)
    if (error !== undefined) {
      const hints = {
        required:
          copied ??
          `set ${error.kind === 'required' ? error.variable : ''} in the environment or in the .env file`,
        invalid: `write $$ for a dollar sign; variables are $NAME, \${NAME}, \${NAME:-default}`,
        'too-large': undefined,
      }
      reportProblem(report, {
        code: codes[error.kind],
        message: describeTemplateError(error),
        path,
        at: placeOf(error.kind === 'required' ? useOf(error.variable) : invalidUse, template, at),
        hint: hints[error.kind],
        ...(error.kind === 'required' && { many: manyRequired(error, copied) }),
      })
      return undefined
    }
    for (const name of unset) {
      if (warned.has(name)) continue
      warned.add(name)
      reportProblem(report, {
        code: 'compose/unset-variable',
        severity: 'warning',
        message: `the variable ${name} is not set; an empty string is used`,
        path,
        at: placeOf(useOf(name), template, at),
        hint:
          copied ??
          `set ${name} in the environment or in the .env file, or give a default: \${${name}:-…}`,
        many: {
          subject: name,
          message: 'the variables <all> are not set; empty strings are used',
          hint: copied ?? 'set them in the environment or in the .env file, or give defaults',
        },
      })
    }
    const replaced: ScalarNode =
      text === template ? node : { ...node, value: text, origins: originsOf(node, used) }
    if (cast === undefined) return replaced
    const value = cast.cast(text)
    if (value === undefined) {
      reportProblem(report, {
        code: 'compose/invalid-value',
        message: `"${text}" is not ${cast.expects}`,
        path,
        at: at ?? entrySpan(node),
      })
      return undefined
    }
    if (value.type === 'bool' && isOldBoolean(text))
      reportProblem(report, {
        code: 'compose/yaml-1.1-boolean',
        severity: 'warning',
        message: `"${text}" is read as ${value.value}`,
        path,
        at,
        hint: `write ${value.value}`,
      })
    return { ...replaced, ...value }
  }
}

const invalidUse = /\$\{(?![_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?\}).*/i
const useOf = (name: string) => new RegExp(`\\$(?:${name}\\b|\\{${name}\\b\\}?)`)

/** Where a pattern first stands in a text; the whole text where its quotes or lines are not known. */
function placeOf(pattern: RegExp, text: string, at: Span | undefined): Span | undefined {
  const found = pattern.exec(text)
  const quotes = at === undefined ? 0 : at.end - at.start - text.length
  if (at === undefined || found === null || (quotes !== 0 && quotes !== 2)) return at
  const start = at.start + quotes / 2 + found.index
  return { file: at.file, start, end: start + found[0].length }
}

function originsOf(node: ScalarNode, used: readonly string[]): readonly Origin[] {
  const names = [...new Set(used)].map((name): Origin => ({ kind: 'env', name }))
  const own = node.origins.map(
    (origin): Origin => (origin.kind === 'file' ? { ...origin, via: 'interpolation' } : origin),
  )
  return [...names, ...own]
}
