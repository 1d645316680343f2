import { closingBrace, templatePattern } from '../interpolate/template.ts'
import type { Node } from '../tree/node.ts'

/** A variable as a template names it. */
export interface Variable {
  readonly required: boolean
  readonly defaultValue: string
  /** What stands for it where it is set: `${NAME:+this}`. */
  readonly presenceValue: string
}

/** The variables that the texts of a tree name; of several uses the last one counts. */
export function variablesIn(root: Node): Map<string, Variable> {
  const variables = new Map<string, Variable>()
  collect(root, variables)
  return variables
}

function collect(node: Node, variables: Map<string, Variable>): void {
  if (node.kind === 'map') for (const child of node.entries.values()) collect(child, variables)
  else if (node.kind === 'list') for (const item of node.items) collect(item, variables)
  else if (node.type === 'string') collectFrom(node.value as string, variables)
}

function collectFrom(template: string, variables: Map<string, Variable>): void {
  for (const match of template.matchAll(templatePattern())) {
    if (match.groups?.escaped) continue
    let expression = match.groups?.named ?? match.groups?.braced ?? ''
    if (match.groups?.named === undefined) {
      const close = closingBrace(match[0])
      if (close > 0) {
        expression = match[0].slice(2, close)
        collectFrom(match[0].slice(close + 1), variables)
      }
    }
    const [, name = '', operator = '', text = ''] =
      /^([a-zA-Z0-9_]*)(:?[-+?])?(.*)$/s.exec(expression) ?? []
    const defaultValue = operator.endsWith('-') ? text : ''
    const presenceValue = operator.endsWith('+') ? text : ''
    variables.set(name || expression, {
      required: operator.endsWith('?'),
      defaultValue,
      presenceValue,
    })
    collectFrom(defaultValue, variables)
    collectFrom(presenceValue, variables)
  }
}
