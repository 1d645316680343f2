import { stat } from 'node:fs/promises'
import { dirname } from 'node:path/posix'
import {
  type Clock,
  FILL_VOLUMES,
  isRefusal,
  type KeptFile,
  type KubeClient,
  type KubeObject,
  readFillSteps,
  type Upload,
} from '@landfall/kube'
import type { DeployEvent } from '../events.ts'
import { type CopyTarget, copyTree } from './copy-tree.ts'
import { readSource } from './source-tree.ts'

const POLL_MS = 1_000

/** Progress is reported this often. */
const REPORT_MS = 500

/** A pod may end at any time; a copy that fails so often in a row has another cause. */
const ATTEMPTS = 5

export interface CopyOptions {
  client: KubeClient
  namespace: string
  uploads: readonly Upload[]
  onEvent: (event: DeployEvent) => void
  clock: Clock
  /** Ends the work. */
  signal: AbortSignal
}

/** A tree could not be copied into its claim. */
export class CopyError extends Error {
  readonly upload: Upload

  constructor(upload: Upload, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.upload = upload
  }
}

/**
 * Copies trees into claims for the pods that wait for them, until the signal is aborted; then gives the files that programs
 * have changed and that were kept. Throws a CopyError for a tree that cannot be copied.
 */
export async function copyTrees(options: CopyOptions): Promise<KeptFile[]> {
  const { namespace, uploads, clock, signal } = options
  const kept: KeptFile[] = []
  const failures = new Map<Upload, number>()
  while (uploads.length > 0 && !signal.aborted) {
    const waiting = (await podsOf(options)).flatMap((pod) => waitingIn(pod, namespace, uploads))
    const next = new Map(waiting.map(({ upload, target }) => [upload, target]))
    for (const [upload, target] of next)
      try {
        kept.push(...(await copyOne(options, upload, target)))
        failures.delete(upload)
      } catch (error) {
        if (signal.aborted) break
        failures.set(upload, (failures.get(upload) ?? 0) + 1)
        const isFinal = isRefusal(error, 'Forbidden') || isRefusal(error, 'Unauthorized')
        if (isFinal || (failures.get(upload) ?? 0) >= ATTEMPTS) throw new CopyError(upload, error)
      }
    await clock.sleep(POLL_MS, signal).catch(() => {})
  }
  return kept
}

async function podsOf({ client, namespace, signal }: CopyOptions): Promise<KubeObject[]> {
  try {
    return (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace }, { signal })).items
  } catch (error) {
    if (signal.aborted) return []
    throw error
  }
}

async function copyOne(
  { client, onEvent, clock, signal }: CopyOptions,
  upload: Upload,
  target: CopyTarget,
): Promise<KeptFile[]> {
  const { claim, source, shown: tree, path } = upload
  const entries = await readSource(source, path)
  const isFile = (await stat(source)).isFile()
  const step = { ...target.step, ...(isFile && { shown: dirname(tree) }) }
  let reportedAt = Number.NEGATIVE_INFINITY
  let copied = 0
  const kept = await copyTree(
    client,
    { ...target, step },
    entries,
    (bytes, total) => {
      copied = bytes
      if (clock.now() - reportedAt < REPORT_MS) return
      reportedAt = clock.now()
      onEvent({ type: 'copy', claim, tree, state: 'progress', bytes, total })
    },
    signal,
  )
  onEvent({ type: 'copy', claim, tree, state: 'done', bytes: copied, total: copied })
  return kept
}

/** The uploads for which a container of a pod waits now. */
function waitingIn(
  { metadata, spec, status }: KubeObject,
  namespace: string,
  uploads: readonly Upload[],
): { upload: Upload; target: CopyTarget }[] {
  if (metadata.deletionTimestamp !== undefined) return []
  const running = new Set(
    (status?.initContainerStatuses ?? [])
      .filter(({ state }: KubeObject) => state?.running !== undefined)
      .map(({ name }: { name: string }) => name),
  )
  const containers: KubeObject['spec'][] = spec.initContainers ?? []
  return containers
    .filter(({ name }) => running.has(name))
    .flatMap((container) =>
      readFillSteps(container)
        .filter(({ verb }) => verb === 'await')
        .flatMap((step) => {
          const mountPath = `${FILL_VOLUMES}/${step.place}`
          const mount = container.volumeMounts?.find(
            (one: { mountPath: string }) => one.mountPath === mountPath,
          )
          const volume = spec.volumes?.find(({ name }: { name: string }) => name === mount?.name)
          const claim = volume?.persistentVolumeClaim?.claimName
          const upload = uploads.find((one) => one.claim === claim && one.path === step.path)
          const target = { namespace, pod: metadata.name, container: container.name, step }
          return upload === undefined || upload.digest !== step.digest ? [] : [{ upload, target }]
        }),
    )
}
