import type { Origin } from '@landfall/diagnostic'
import { itemsAt, type MapNode, mapAt, type Node, textNode, textOf } from '../tree/node.ts'

const byDefault = (rule: string): Origin[] => [{ kind: 'default', rule }]

function setDefault(node: Node | undefined, key: string, value: string, rule: string): void {
  if (node?.kind === 'map' && !node.entries.has(key))
    node.entries.set(key, textNode(value, byDefault(rule)))
}

/** Sets what Compose takes for granted in long forms: contexts, targets of secrets, protocols, device counts. */
export function setDefaults(root: MapNode): void {
  for (const service of mapAt(root, 'services')?.entries.values() ?? []) {
    setDefault(mapAt(service, 'build'), 'context', '.', 'build-context')
    for (const port of itemsAt(service, 'ports')) {
      setDefault(port, 'protocol', 'tcp', 'port-protocol')
      setDefault(port, 'mode', 'ingress', 'port-mode')
    }
    for (const secret of itemsAt(service, 'secrets')) {
      const source = secret.kind === 'map' ? textOf(secret.entries.get('source')) : undefined
      setDefault(secret, 'target', `/run/secrets/${source ?? ''}`, 'secret-target')
    }
    const resources = mapAt(mapAt(service, 'deploy'), 'resources')
    const devices = itemsAt(mapAt(resources, 'reservations'), 'devices')
    for (const device of [...devices, ...itemsAt(service, 'gpus')])
      if (device.kind === 'map' && !device.entries.has('device_ids'))
        setDefault(device, 'count', 'all', 'device-count')
  }
}
