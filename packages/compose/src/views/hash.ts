import { cloneNode, type MapNode, mapAt } from '../tree/node.ts'
import { arrange } from './arrange.ts'
import { serviceType } from './go-types.ts'
import { printJson } from './json.ts'

/** Hexadecimal SHA-256 of a text's UTF-8. */
export type Sha256 = (text: string) => string

/** What a container is not created anew for. */
const withoutEffect = ['build', 'pull_policy', 'scale', 'depends_on', 'profiles']

/** The hash by which Docker Compose tells whether the container of a service has to be created anew. */
export function serviceHash(service: MapNode, sha256: Sha256): string {
  const counted = cloneNode(service)
  for (const key of withoutEffect) counted.entries.delete(key)
  mapAt(counted, 'deploy')?.entries.delete('replicas')
  return sha256(printJson(arrange(counted, serviceType, 'json'), false))
}
