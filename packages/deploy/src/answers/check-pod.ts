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

/** The cluster ends the pod after this time, should nothing delete it. */
const LIFETIME_SECONDS = 600

/** A pod of a small image that has not started after this time is given up. */
const START_MS = 60_000

const POLL_MS = 500

/**
 * Connects to each `name:port` again and again, prints `ok name:port` once for each, and ends when all have answered.
 * curl reports a connection by the time that it took; nothing is sent.
 */
const SCRIPT = `while [ -n "$PAIRS" ]; do
  left=
  for pair in $PAIRS; do
    took=$(curl -s --noproxy '*' --connect-timeout 2 --max-time 2 -o /dev/null -w '%{time_connect}' "telnet://$pair" </dev/null)
    case $took in
      *[1-9]*) echo "ok $pair" ;;
      *) left="$left $pair" ;;
    esac
  done
  PAIRS=$left
  [ -z "$PAIRS" ] || sleep 1
done
`

export interface CheckOptions {
  client: KubeClient
  reference: ReleaseReference
  /** An image with sh, sleep and curl. */
  image: string
  /** `name:port`, as programs of the namespace write them. */
  pairs: readonly string[]
  /** The pod runs: connections are tested from now on. */
  onStart: () => void
  onAnswer: (pair: string) => void
  clock: Clock
  signal: AbortSignal
}

/**
 * Connects from inside the cluster, in a pod that lives only for that, until all pairs have answered or the signal says
 * stop. Throws when the pod cannot be made or does not start; then nothing is known.
 */
export async function checkFromInside(options: CheckOptions): Promise<void> {
  const { client, reference, onStart, onAnswer, clock, signal } = options
  const owner = await client.get(inventoryReference(reference), signal)
  const { metadata } = await client.create(podOf(options, owner), signal)
  const pod: ObjectReference = {
    apiVersion: 'v1',
    kind: 'Pod',
    name: metadata.name,
    namespace: reference.namespace,
  }
  try {
    await started(client, pod, clock, signal)
    onStart()
    const following = { namespace: reference.namespace, pod: pod.name, follow: true, signal }
    for await (const line of client.logs(following))
      if (line.startsWith('ok ')) onAnswer(line.slice(3))
  } finally {
    await client.delete(pod).catch(() => {})
  }
}

async function started(
  client: KubeClient,
  pod: ObjectReference,
  clock: Clock,
  signal: AbortSignal,
) {
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
  { reference, image, pairs }: CheckOptions,
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
      activeDeadlineSeconds: LIFETIME_SECONDS,
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
          name: 'check',
          image,
          command: ['sh', '-c', SCRIPT],
          env: [{ name: 'PAIRS', value: pairs.join(' ') }],
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
