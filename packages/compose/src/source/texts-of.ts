import { itemsAt, mapAt, type Node, textAt, textOf } from '../tree/node.ts'
import { readYaml } from './yaml.ts'

/** The text that was read last, which is asked for more than one thing. */
let known: { readonly yaml: string; readonly root: Node | undefined } | undefined

function rootOf(yaml: string): Node | undefined {
  if (known?.yaml !== yaml) known = { yaml, root: readYaml(yaml, '', () => undefined)?.[0]?.root }
  return known.root
}

/** The texts in a list at the top of a YAML file; none where it is not valid, which is not reported. */
export function textsOf(yaml: string, key: string): string[] {
  const root = rootOf(yaml)
  return root?.kind === 'map' ? itemsAt(root, key).flatMap((item) => textOf(item) ?? []) : []
}

/** The keys of a mapping at the top of a YAML file whose values have a text at a key; none where the file is not valid. */
export function keysWith(yaml: string, mapping: string, key: string, text: string): string[] {
  const root = rootOf(yaml)
  if (root?.kind !== 'map') return []
  return [...(mapAt(root, mapping)?.entries ?? [])].flatMap(([name, value]) =>
    value.kind === 'map' && textAt(value, key) === text ? [name] : [],
  )
}
