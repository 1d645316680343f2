import type { KubeClient, KubeObject } from '@landfall/kube'
import { listKinds } from '../apply/observe.ts'
import { projectSource, RELEASE_LABEL } from '../release/release.ts'

/** The image of a container as it is in the cluster. */
export interface DeployedImage {
  image: string
  imagePullPolicy?: string
}

/** Finds the image that a container of an object of the release has in the cluster, also if the object has another name there. */
export type FindDeployedImage = (object: KubeObject, container: string) => DeployedImage | undefined

const WORKLOADS = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
]

/**
 * Reads which images the containers of a release have: a build pins its image by digest, which only a deploy knows. Of several Jobs of one
 * service the last counts.
 */
export async function deployedImages(options: {
  client: KubeClient
  release: string
  namespace: string
  signal?: AbortSignal
}): Promise<FindDeployedImage> {
  const { client, release, namespace, signal } = options
  const live = [...(await listKinds(client, namespace, WORKLOADS, signal)).values()]
    .filter(({ metadata }) => metadata.labels?.[RELEASE_LABEL] === release)
    .sort((a, b) => (madeAt(a) < madeAt(b) ? -1 : 1))
  const images = new Map<string, DeployedImage>()
  for (const object of live)
    for (const { name, image, imagePullPolicy } of containersOf(object))
      images.set(keyOf(object, name), { image, ...(imagePullPolicy && { imagePullPolicy }) })
  return (object, container) => images.get(keyOf(object, container))
}

function madeAt({ metadata }: KubeObject): string {
  return String(metadata.creationTimestamp ?? '')
}

function containersOf({ spec }: KubeObject): (DeployedImage & { name: string })[] {
  const { initContainers = [], containers = [] } = spec?.template?.spec ?? {}
  return [...initContainers, ...containers]
}

function keyOf(object: KubeObject, container: string): string {
  return [object.kind, projectSource(object, container) ?? '', container].join(' ')
}
