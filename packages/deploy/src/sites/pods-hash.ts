import {
  COMPOSE_SERVICE_ANNOTATION,
  canonicalJson,
  type KubeClient,
  shortHash,
} from '@landfall/kube'
import { podsOf } from '../day/pods.ts'
import { RELEASE_LABEL, type ReleaseReference } from '../release/release.ts'

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet']

/**
 * A hash of the pods of a service and of the starts of their containers: it changes when they are new. Undefined if the service has no pods.
 * Throws what the client throws.
 */
export async function podsHash(
  client: KubeClient,
  { release, namespace }: ReleaseReference,
  service: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const lists = await Promise.all(
    WORKLOADS.map((kind) =>
      client.list(
        { apiVersion: 'apps/v1', kind, namespace },
        { labelSelector: `${RELEASE_LABEL}=${release}`, signal },
      ),
    ),
  )
  const workload = lists
    .flatMap(({ items }) => items)
    .find(({ metadata }) => metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] === service)
  if (workload === undefined) return undefined
  const pods = await podsOf(client, namespace, { workload } as never, signal)
  const starts = pods.map(({ metadata, status }) => [
    metadata.uid,
    ...(status?.containerStatuses ?? []).map((one: { restartCount: number }) => one.restartCount),
  ])
  return starts.length === 0 ? undefined : shortHash(canonicalJson(starts.sort()))
}
