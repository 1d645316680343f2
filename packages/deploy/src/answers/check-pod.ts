import type { Clock, KubeClient } from '@landfall/kube'
import type { ReleaseReference } from '../release/release.ts'
import { withTestPod } from './test-pod.ts'

/** The cluster ends the pod after this time, should nothing delete it. */
const LIFETIME_SECONDS = 600

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
  const { client, reference, pairs, onStart, onAnswer, signal } = options
  const env = [{ name: 'PAIRS', value: pairs.join(' ') }]
  const command = ['sh', '-c', SCRIPT]
  const lifetimeSeconds = LIFETIME_SECONDS
  await withTestPod({ ...options, command, env, lifetimeSeconds }, async ({ name: pod }) => {
    onStart()
    const following = { namespace: reference.namespace, pod, follow: true, signal }
    for await (const line of client.logs(following))
      if (line.startsWith('ok ')) onAnswer(line.slice(3))
  })
}
