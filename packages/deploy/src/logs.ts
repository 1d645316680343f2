import { type KubeClient, type KubeObject, objectId, StatusError } from '@landfall/kube'
import { type Channel, openChannel } from './channel.ts'
import { mergeBy } from './merge-by.ts'
import { readInventory } from './release/inventory.ts'
import { isWorkload } from './release/kind-order.ts'
import { containersOf } from './view/containers.ts'
import { ownerOf } from './view/owner.ts'
import { type ClusterView, readView } from './view/view.ts'

export interface LogsOptions {
  client: KubeClient
  release: string
  namespace: string
  /** One service, by the name that its pods or its container in a shared pod carry, or one workload; all if omitted. */
  service?: string
  /** Continues with what is printed from now on, also by pods that are created later, until the signal is aborted. */
  follow?: boolean
  /** The last lines of each container; all if omitted. */
  tailLines?: number
  signal?: AbortSignal
}

export interface LogLine {
  service: string
  pod: string
  container: string
  line: string
}

/** What the containers of a release print, gates left out: in the order of time, or as it comes when following. */
export async function* releaseLogs(options: LogsOptions): AsyncGenerator<LogLine> {
  const { client, release, namespace, follow, signal } = options
  const inventory = await readInventory(client, { release, namespace }, signal)
  if (inventory === undefined) return
  const owners = inventory.entries.filter(isWorkload).map(objectId)
  const view = await readView(client, namespace, owners, signal)
  const sources = (pods: Iterable<KubeObject>) =>
    [...pods].flatMap((pod) => sourcesOf(pod, view, owners, options.service))
  if (follow) yield* following(options, sources)
  else yield* printedSoFar(options, sources(view.pods.values()))
}

interface LogSource {
  service: string
  pod: string
  container: string
  /** Of this run of the container. */
  key: string
}

function sourcesOf(
  pod: KubeObject,
  view: ClusterView,
  owners: readonly string[],
  wanted: string | undefined,
): LogSource[] {
  const owner = ownerOf(view, pod)
  if (owner === undefined || !owners.includes(owner)) return []
  const workload = owner.slice(owner.indexOf('/') + 1)
  const service = pod.metadata.labels?.['app.kubernetes.io/name'] ?? workload
  const whole = wanted === undefined || wanted === service || wanted === workload
  return containersOf(pod)
    .filter(({ name }) => whole || name === wanted)
    .filter(({ gate, running, terminated }) => !gate && (running || terminated !== undefined))
    .map(({ name, restarts }) => ({
      service: whole ? service : name,
      pod: pod.metadata.name,
      container: name,
      key: `${pod.metadata.uid} ${name} ${restarts}`,
    }))
}

/** The logs of all containers are open at the same time, and read as fast as their lines are taken. */
async function* printedSoFar(
  { client, namespace, tailLines, signal }: LogsOptions,
  sources: readonly LogSource[],
): AsyncGenerator<LogLine> {
  const stamped = sources.map(async function* ({ service, pod, container }) {
    const tail = tailLines === undefined ? {} : { tailLines }
    const options = { namespace, pod, container, timestamps: true, signal, ...tail }
    try {
      for await (const text of client.logs(options)) {
        const space = text.indexOf(' ')
        const line = text.slice(space + 1)
        yield { at: text.slice(0, space), line: { service, pod, container, line } }
      }
    } catch (error) {
      // The container is gone.
      if (!(error instanceof StatusError)) throw error
    }
  })
  for await (const { line } of mergeBy(stamped, ({ at }) => at)) yield line
}

async function* following(
  options: LogsOptions,
  sources: (pods: Iterable<KubeObject>) => LogSource[],
): AsyncGenerator<LogLine> {
  const { client, namespace, tailLines, signal } = options
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const channel = openChannel<LogLine>()
  const followed = new Set<string>()
  const attach = (found: readonly LogSource[], tail: number | undefined) => {
    for (const source of found)
      if (!followed.has(source.key)) {
        followed.add(source.key)
        void streamInto(channel, client, namespace, source, tail, stopped)
      }
  }
  const watching = (async () => {
    for await (const step of client.watch(
      { apiVersion: 'v1', kind: 'Pod', namespace },
      { signal: stopped },
    ))
      if (step.type === 'listed') attach(sources(step.objects), tailLines)
      else if (step.type === 'changed') attach(sources([step.object]), undefined)
  })()
  watching.then(channel.close, channel.fail)
  try {
    yield* channel.items
  } finally {
    stop.abort()
  }
}

async function streamInto(
  channel: Channel<LogLine>,
  client: KubeClient,
  namespace: string,
  { service, pod, container }: LogSource,
  tailLines: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const tail = tailLines === undefined ? {} : { tailLines }
  try {
    const options = { namespace, pod, container, follow: true, signal, ...tail }
    for await (const line of client.logs(options)) {
      channel.push({ service, pod, container, line })
      await channel.room()
    }
  } catch {
    // the container or its node is gone; its next run is followed as a new one
  }
}
