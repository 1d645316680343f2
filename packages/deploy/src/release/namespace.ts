import { isRefusal, type KubeClient, type KubeObject, type ObjectReference } from '@landfall/kube'
import { RELEASE_LABEL, type ReleaseReference } from './release.ts'

export function namespaceReference(name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Namespace', name }
}

/** The namespace that a deploy creates for a release, with the label that distinguishes it from one that existed before. */
export function ownNamespace({ release, namespace }: ReleaseReference): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [RELEASE_LABEL]: release } },
  }
}

/**
 * The namespace, or undefined when there is none. Many users may work in a namespace and not look at it:
 * then it is taken to be there, and not to be ours.
 */
export async function readNamespace(
  client: KubeClient,
  name: string,
  signal?: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(namespaceReference(name), signal)
  } catch (error) {
    if (isRefusal(error, 'Forbidden'))
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
    throw error
  }
}

/** Whether a deploy of this release made the namespace. */
export function isOwnNamespace(found: KubeObject, release: string): boolean {
  return found.metadata.labels?.[RELEASE_LABEL] === release
}
