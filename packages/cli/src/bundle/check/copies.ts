import {
  isRefusal,
  type KubeClient,
  type KubeObject,
  readFillSteps,
  referenceTo,
} from '@landfall/kube'
import { type BundleReport, type Manifest, nameOf } from '../manifest.ts'

/**
 * Reports workloads whose pods wait for trees that are copied through the API, and that the workload in the cluster does not have: manifests have
 * no files to copy, so the pods would wait for ever.
 */
export async function reportMissingCopies(
  client: KubeClient,
  manifests: readonly Manifest[],
  namespace: string,
  report: BundleReport,
  signal?: AbortSignal,
): Promise<void> {
  for (const manifest of manifests) {
    const wanted = copiesIn(manifest.object)
    if (wanted.size === 0) continue
    const there = copiesIn(await liveOf(client, manifest.object, namespace, signal))
    const missing = [...wanted].filter(([digest]) => !there.has(digest)).map(([, shown]) => shown)
    if (missing.length === 0) continue
    const { kind, metadata } = manifest.object
    report({
      code: 'cli/manifest-waits',
      severity: 'error',
      message: `${kind} ${metadata.name} waits for the files of ${missing.join(' and ')}, which are in no manifest`,
      path: '',
      at: nameOf(manifest),
      hint: 'deploy the project itself: `landfall up PROJECT` copies them',
    })
  }
}

/** The trees that the pods of a workload wait for, by their digests. */
function copiesIn(object: KubeObject | undefined): Map<string, string> {
  const containers: { command?: string[] }[] = object?.spec?.template?.spec?.initContainers ?? []
  return new Map(
    containers
      .flatMap((container) => readFillSteps(container))
      .flatMap(({ digest, shown }) => (digest === undefined ? [] : [[digest, shown] as const])),
  )
}

async function liveOf(
  client: KubeClient,
  object: KubeObject,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<KubeObject | undefined> {
  try {
    return await client.get({ ...referenceTo(object), namespace }, signal)
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined
    throw error
  }
}
