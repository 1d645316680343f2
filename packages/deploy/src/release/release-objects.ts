import type { KubeClient, KubeObject } from '@landfall/kube'
import { type ReleaseReference, releaseObject } from './release.ts'

/** The objects as they are applied, see {@link releaseObject}; the cluster knows which of them are in namespaces. */
export async function releaseObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  reference: ReleaseReference,
  key: Uint8Array | undefined,
): Promise<KubeObject[]> {
  return Promise.all(
    objects.map(async (object) =>
      releaseObject(object, reference, await client.isNamespaced(object), key),
    ),
  )
}
