import {
  filledFrom,
  isBelow,
  type KeptFile,
  type KubeClient,
  type KubeObject,
  readFillSteps,
  readKeptFile,
} from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'

const REQUESTS_AT_ONCE = 4

/** A tree of the project, and its files that programs have changed in the volume. */
export interface KeptTree {
  /** As the Compose file writes it: `./config`. */
  tree: string
  files: KeptFile[]
}

/**
 * What the pods have reported while they filled their claims, and what was kept of trees that were copied, by tree. A log that cannot be read is left out: it only
 * informs.
 */
export async function readKeptFiles(
  client: KubeClient,
  namespace: string,
  objects: readonly KubeObject[],
  copied: readonly KeptFile[],
  signal?: AbortSignal,
): Promise<KeptTree[]> {
  const trees = [...new Set(objects.flatMap(filledFrom))].sort()
  if (trees.length === 0) return []
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace }, { signal })
  const filling = items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap(({ metadata, spec }) =>
      (spec.initContainers ?? [])
        .filter((container: { command?: string[] }) => readFillSteps(container).length > 0)
        .map(({ name }: { name: string }) => ({ pod: metadata.name, container: name })),
    )
  const kept = new Map<string, KeptFile>(copied.map((file) => [file.path, file]))
  await forEachConcurrently(filling, REQUESTS_AT_ONCE, async ({ pod, container }) => {
    try {
      for await (const line of client.logs({ namespace, pod, container, signal })) {
        const file = readKeptFile(line)
        if (file !== undefined) kept.set(file.path, file)
      }
    } catch {
      // the pod went away, or its node does not answer
    }
  })
  const files = [...kept.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return trees
    .map((tree) => ({ tree, files: files.filter(({ path }) => isBelow(path, tree)) }))
    .filter(({ files }) => files.length > 0)
}
