import type { Environment } from '../files/environment.ts'
import {
  isNull,
  type ListNode,
  type MapNode,
  mapAt,
  type Node,
  textNode,
  textOf,
} from '../tree/node.ts'

/**
 * Gives the variables under a key that are named without a value the one of the environment; the others stay unset, or
 * are dropped.
 */
export function resolveVariables(
  holder: MapNode,
  key: string,
  environment: Environment,
  keepUnset: boolean,
): void {
  const variables = holder.entries.get(key)
  if (variables?.kind === 'list') resolveList(variables, environment, keepUnset)
  if (variables?.kind !== 'map') return
  for (const [name, value] of variables.entries) {
    if (!isNull(value)) continue
    const found = environment.get(name)
    if (found !== undefined) variables.entries.set(name, fromEnvironment(value, name, found))
    else if (!keepUnset) variables.entries.delete(name)
  }
}

/** The same for `environment` lists of all services alone, as Docker Compose does for each include. */
export function resolveListedVariables(model: MapNode, environment: Environment): void {
  for (const service of mapAt(model, 'services')?.entries.values() ?? []) {
    const variables = service.kind === 'map' ? service.entries.get('environment') : undefined
    if (variables?.kind === 'list') resolveList(variables, environment, true)
  }
}

function resolveList(list: ListNode, environment: Environment, keepUnset: boolean): void {
  list.items = list.items.flatMap((item) => {
    const text = textOf(item)
    if (text === undefined || text.includes('=')) return [item]
    const value = environment.get(text)
    if (value !== undefined) return [fromEnvironment(item, text, `${text}=${value}`)]
    return keepUnset ? [item] : []
  })
}

function fromEnvironment(named: Node, name: string, text: string): Node {
  const value = textNode(text, [...named.origins, { kind: 'env', name }])
  if (named.key !== undefined) value.key = named.key
  return value
}
