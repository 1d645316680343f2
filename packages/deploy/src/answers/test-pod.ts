import { randomBytes } from 'node:crypto'
import {
  type Clock,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  StatusError,
} from '@landfall/kube'
import { inventoryReference } from '../release/inventory.ts'
import { RELEASE_LABEL, type ReleaseReference } from '../release/release.ts'

/** A pod of a small image that has not started after this time is given up. */
const START_MS = 60_000

const POLL_MS = 500

export interface TestPodOptions {
  client: KubeClient
  reference: ReleaseReference
  /** An image with sh, sleep and curl. */
  image: string
  command: string[]
  env?: { name: string; value: string }[]
  /** The cluster ends the pod after this time, should nothing delete it. */
  lifetimeSeconds: number
  clock: Clock
  signal: AbortSignal
}

/** The container of the test pod. */
export const TEST_CONTAINER = 'check'

/**
 * Does some work with a pod inside the cluster that lives only for that. Throws when the pod cannot be made or does not start; then nothing
 * is known.
 */
export async function withTestPod<T>(
  options: TestPodOptions,
  work: (pod: ObjectReference) => Promise<T>,
): Promise<T> {
  const { client, reference, signal } = options
  const owner = await client.get(inventoryReference(reference), signal)
  const { metadata } = await client.create(podOf(options, owner), signal)
  const pod: ObjectReference = {
    apiVersion: 'v1',
    kind: 'Pod',
    name: metadata.name,
    namespace: reference.namespace,
  }
  try {
    await started(options, pod)
    return await work(pod)
  } finally {
    await client.delete(pod).catch(() => {})
  }
}

async function started({ client, clock, signal }: TestPodOptions, pod: ObjectReference) {
  const end = clock.now() + START_MS
  for (;;) {
    const status = (await client.get(pod, signal))?.status
    const state = status?.containerStatuses?.[0]?.state ?? {}
    if (state.running !== undefined || state.terminated !== undefined) return
    if (clock.now() > end || /^ErrImage|Backoff$|Invalid/i.test(state.waiting?.reason ?? ''))
      throw new Error(state.waiting?.message ?? 'the test pod does not start')
    await clock.sleep(POLL_MS, signal)
  }
}

function podOf(
  { reference, image, command, env = [], lifetimeSeconds }: TestPodOptions,
  owner: KubeObject | undefined,
): KubeObject {
  const { release, namespace } = reference
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `landfall-check-${randomBytes(3).toString('hex')}`,
      namespace,
      labels: { [RELEASE_LABEL]: release, 'app.kubernetes.io/managed-by': 'landfall' },
      // It is deleted with the release, should nothing delete it before.
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: owner.apiVersion,
                kind: owner.kind,
                name: owner.metadata.name,
                uid: owner.metadata.uid,
              },
            ],
          }),
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifetimeSeconds,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsUser: 100,
        runAsGroup: 101,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: TEST_CONTAINER,
          image,
          command,
          ...(env.length > 0 && { env }),
          resources: {
            requests: { cpu: '5m', memory: '16Mi' },
            limits: { cpu: '200m', memory: '64Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  }
}

/** Why nothing is known, as one sentence. */
export function whyUnknown(error: unknown): string {
  return error instanceof StatusError || error instanceof Error ? error.message : String(error)
}
