import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type Document, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import type { Role, RoleProblem } from './role.ts'

export type ReadRole = { role: Role; problems: [] } | { problems: [RoleProblem, ...RoleProblem[]] }

/** Compiles the schema of roles, given as JSON text. */
export function compileRoleSchema(schema: string): ValidateFunction {
  return new Ajv({ allErrors: true, verbose: true, strict: false }).compile(
    JSON.parse(schema) as object,
  )
}

/** Reads one role. `file` is its name in messages, `fits` the compiled schema of roles. */
export function readRole(file: string, text: string, fits: ValidateFunction): ReadRole {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problems: RoleProblem[] = []
  const report = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset)
    problems.push({ file, line, column: col, message })
  }
  for (const error of document.errors) report(error.pos[0], firstLine(error.message))
  if (problems.length === 0) {
    const value: unknown = document.toJS()
    if (!fits(value))
      for (const error of causes(fits.errors ?? []))
        report(offsetOf(document, keys(error.instancePath), unknownKey(error)), sentence(error))
    else
      for (const { path, message } of danglingNames(value as Role))
        report(offsetOf(document, path), message)
    if (problems.length === 0) return { role: value as Role, problems: [] }
  }
  return { problems: problems as [RoleProblem, ...RoleProblem[]] }
}

/** The errors without those of a choice's alternatives: the choice itself is reported in words. */
function causes(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter((error) => !/\/(oneOf|anyOf)\/\d/.test(error.schemaPath))
}

function sentence(error: ErrorObject): string {
  const path = keys(error.instancePath)
  const name = path.length === 0 ? 'the role' : path.join('.')
  if (error.keyword === 'additionalProperties')
    return `unknown key "${unknownKey(error)}" in ${name}`
  if (error.keyword === 'oneOf' || error.keyword === 'anyOf') {
    const choices = requiredKeys(error)
    if (choices.length > 0) return `${name} needs exactly one of ${choices.join(', ')}`
  }
  if (error.keyword === 'enum')
    return `${name} must be one of ${(error.params as { allowedValues: string[] }).allowedValues.join(', ')}`
  if (error.keyword === 'not') return `${name} cannot have both within and tries`
  return `${name} ${error.message ?? 'is not valid'}`
}

/** The keys between which a `oneOf` of `required` chooses. */
function requiredKeys(error: ErrorObject): string[] {
  const alternatives = error.schema as { required?: string[] }[] | undefined
  return Array.isArray(alternatives) ? alternatives.flatMap(({ required }) => required ?? []) : []
}

function unknownKey(error: ErrorObject): string | undefined {
  return (error.params as { additionalProperty?: string }).additionalProperty
}

/** Names of listeners that steps use and the role does not have. */
function danglingNames(role: Role): { path: string[]; message: string }[] {
  const found: { path: string[]; message: string }[] = []
  const listeners = role.listeners ?? {}
  const look = (value: unknown, path: string[]) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const at = [...path, key]
      if (key === 'listen' && typeof child === 'string' && listeners[child] === undefined)
        found.push({ path: at, message: `no listener named "${child}"` })
      if (key === 'publish' && listeners[child.to]?.stream === undefined)
        found.push({
          path: [...at, 'to'],
          message: `"${child.to}" is not a listener with a stream`,
        })
      look(child, at)
    }
  }
  const { files: _files, container: _container, ...played } = role
  look(played, [])
  return found
}

function keys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Where the value at a path begins, or the key below it, or the nearest parent in the text. */
function offsetOf(document: Document, path: readonly string[], key?: string): number {
  const parent = path.length === 0 ? document.contents : document.getIn(asIndexes(path), true)
  if (key !== undefined && isNode(parent) && 'items' in parent)
    for (const item of parent.items as unknown[])
      if (isPair(item) && isNode(item.key) && String(item.key) === key)
        return item.key.range?.[0] ?? 0
  if (isNode(parent)) return parent.range?.[0] ?? 0
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1))
}

function asIndexes(path: readonly string[]): (string | number)[] {
  return path.map((key) => (/^\d+$/.test(key) ? Number(key) : key))
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
}
