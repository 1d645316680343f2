import { boolNode, mapNode, type Node, textNode } from '../tree/node.ts'
import { byCodePoint, byNature } from './key-order.ts'
import { printTable } from './table.ts'
import { type Variable, variablesIn } from './variables.ts'
import { printYaml } from './yaml.ts'

/** The variables of a model as a table, as JSON or as YAML. */
export function printVariables(model: Node, format: 'table' | 'json' | 'yaml'): string {
  const variables = variablesIn(model)
  if (format === 'json') return printAsJson(variables)
  if (format === 'yaml') return printAsYaml(variables)
  const rows = sorted(variables, byCodePoint).map(([name, variable]) => [
    name,
    String(variable.required),
    variable.defaultValue,
    variable.presenceValue,
  ])
  return printTable([['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'], ...rows])
}

function sorted(
  variables: ReadonlyMap<string, Variable>,
  compare: (a: string, b: string) => number,
): [string, Variable][] {
  return [...variables].sort(([a], [b]) => compare(a, b))
}

function printAsJson(variables: ReadonlyMap<string, Variable>): string {
  const entries = sorted(variables, byCodePoint).map(([name, variable]) => [
    name,
    {
      Name: name,
      DefaultValue: variable.defaultValue,
      PresenceValue: variable.presenceValue,
      Required: variable.required,
    },
  ])
  const json = JSON.stringify(Object.fromEntries(entries), null, 4)
  return `${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n\n`
}

function printAsYaml(variables: ReadonlyMap<string, Variable>): string {
  const entries = sorted(variables, byNature).map(([name, variable]): [string, Node] => [
    name,
    mapNode(
      [],
      [
        ['name', textNode(name, [])],
        ['defaultvalue', textNode(variable.defaultValue, [])],
        ['presencevalue', textNode(variable.presenceValue, [])],
        ['required', boolNode(variable.required, [])],
      ],
    ),
  ])
  return printYaml(mapNode([], entries), 4)
}
