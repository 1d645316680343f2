import { randomBytes } from 'node:crypto'
import { type KubeObject, toDnsLabel } from '@landfall/kube'
import { objectKey } from '../inventory.ts'
import { RELEASE_LABEL, type ReleaseReference } from '../release.ts'

const BYTES = 32

/** The Secret with the key of a release, and the key: the one in the cluster, or a new one. */
export function releaseKey(
  reference: ReleaseReference,
  live: ReadonlyMap<string, KubeObject>,
): { key: Uint8Array; secret: KubeObject } {
  const secret = keySecret(reference)
  const found = live.get(objectKey(secret))
  const isOwn = found?.metadata.labels?.[RELEASE_LABEL] === reference.release
  const known = Buffer.from(isOwn ? String(found?.data?.key ?? '') : '', 'base64')
  const key = known.length === BYTES ? known : randomBytes(BYTES)
  return { key, secret: { ...secret, data: { key: key.toString('base64') } } }
}

function keySecret({ release }: ReleaseReference): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: toDnsLabel(`landfall-release-${release}`) },
    type: 'Opaque',
  }
}
