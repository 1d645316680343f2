import { itemsAt, textOf } from '../tree/node.ts'
import { readYaml } from './yaml.ts'

/** The texts in a list at the top of a YAML file; none where it is not valid, which is not reported. */
export function textsOf(yaml: string, key: string): string[] {
  const root = readYaml(yaml, '', () => undefined)?.[0]?.root
  return root?.kind === 'map' ? itemsAt(root, key).flatMap((item) => textOf(item) ?? []) : []
}
