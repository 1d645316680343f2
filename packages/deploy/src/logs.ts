import { isRefusal, type KubeClient, type KubeObject, objectId, StatusError } from '@landfall/kube'
import { type Channel, openChannel } from './channel.ts'
import { findMembers, type Members, readMembers, workloadOf } from './day/members.ts'
import { mergeBy } from './merge-by.ts'
import { containersOf, type ObservedContainer } from './view/containers.ts'
import { ownerOf } from './view/owner.ts'
import { type ClusterView, readView } from './view/view.ts'

export interface LogsOptions {
  client: KubeClient
  release: string
  namespace: string
  /** By the names that `findMembers` knows; all if there are none. */
  services?: readonly string[]
  /** Continues with what is printed from now on, also by pods that are created later, until the signal is aborted. */
  follow?: boolean
  /** The last lines of each container; all if omitted. */
  tailLines?: number
  /** Lines of the last so many milliseconds; all if omitted. */
  sinceMs?: number
  /** Of the run before the present one, of containers that have one. */
  previous?: boolean
  /** A log that cannot be read, with the reason: its container is gone. */
  onGone?: (container: LogContainer, reason: string) => void
  signal?: AbortSignal
}

export interface LogContainer {
  service: string
  pod: string
  container: string
}

export interface LogLine extends LogContainer {
  line: string
}

/**
 * What the containers of a release print, gates left out: in the order of time, or as it comes when following. Throws a NoServiceError for a
 * name that no service has.
 */
export async function* releaseLogs(options: LogsOptions): AsyncGenerator<LogLine> {
  const { client, release, namespace, follow, signal } = options
  const members = await readMembers(client, { release, namespace }, signal)
  if (members === undefined) return
  const wanted = selectedBy(members, options.services ?? [])
  const owners = members.workloads.map(objectId)
  const view = await readView(client, namespace, owners, signal)
  const sources = (pods: Iterable<KubeObject>) =>
    [...pods].flatMap((pod) => sourcesOf(pod, view, wanted, options.previous))
  if (follow) yield* following(options, sources)
  else yield* printedSoFar(options, sources(view.pods.values()))
}

interface LogSource extends LogContainer {
  /** Of this run of the container. */
  key: string
}

/** The service of a container of a workload; undefined for those that are not wanted. */
type Wanted = (object: string, container: string) => string | undefined

function selectedBy(all: Members, services: readonly string[]): Wanted {
  const chosen = services.length === 0 ? all.members : findMembers(all, services)
  return (object, container) =>
    chosen.find((one) => workloadOf(one) === object && one.containers.includes(container))?.service
}

function sourcesOf(
  pod: KubeObject,
  view: ClusterView,
  wanted: Wanted,
  previous = false,
): LogSource[] {
  const owner = ownerOf(view, pod)
  if (owner === undefined) return []
  const printed = (container: ObservedContainer): boolean =>
    previous ? container.restarts > 0 : container.running || container.terminated !== undefined
  return containersOf(pod)
    .filter((container) => !container.gate && printed(container))
    .flatMap(({ name, restarts }) => {
      const service = wanted(owner, name)
      const key = `${pod.metadata.uid} ${name} ${restarts}`
      return service === undefined
        ? []
        : [{ service, pod: pod.metadata.name, container: name, key }]
    })
}

/** What of a log is read. */
function partOf({ tailLines, sinceMs, previous }: LogsOptions) {
  return {
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceMs === undefined ? {} : { sinceSeconds: Math.max(1, Math.ceil(sinceMs / 1000)) }),
    ...(previous ? { previous } : {}),
  }
}

/** The logs of all containers are open at the same time, and read as fast as their lines are taken. */
async function* printedSoFar(
  options: LogsOptions,
  sources: readonly LogSource[],
): AsyncGenerator<LogLine> {
  const { client, namespace, signal } = options
  const stamped = sources.map(async function* ({ service, pod, container }) {
    const log = { namespace, pod, container, timestamps: true, signal, ...partOf(options) }
    try {
      for await (const text of client.logs(log)) {
        const space = text.indexOf(' ')
        const line = text.slice(space + 1)
        yield { at: text.slice(0, space), line: { service, pod, container, line } }
      }
    } catch (error) {
      if (isRefusal(error, 'Forbidden') || !(error instanceof StatusError)) throw error
      options.onGone?.({ service, pod, container }, error.message)
    }
  })
  for await (const { line } of mergeBy(stamped, ({ at }) => at)) yield line
}

async function* following(
  options: LogsOptions,
  sources: (pods: Iterable<KubeObject>) => LogSource[],
): AsyncGenerator<LogLine> {
  const { client, namespace, signal } = options
  const part = partOf(options)
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const channel = openChannel<LogLine>()
  const followed = new Set<string>()
  const attach = (found: readonly LogSource[], log: ReturnType<typeof partOf>) => {
    for (const source of found)
      if (!followed.has(source.key)) {
        followed.add(source.key)
        void streamInto(channel, client, namespace, source, log, stopped)
      }
  }
  const watching = (async () => {
    for await (const step of client.watch(
      { apiVersion: 'v1', kind: 'Pod', namespace },
      { signal: stopped },
    ))
      if (step.type === 'listed') attach(sources(step.objects), part)
      else if (step.type === 'changed') attach(sources([step.object]), {})
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
  part: ReturnType<typeof partOf>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const options = { namespace, pod, container, follow: true, signal, ...part }
    for await (const line of client.logs(options)) {
      channel.push({ service, pod, container, line })
      await channel.room()
    }
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) channel.fail(error)
    // the container or its node is gone; its next run is followed as a new one
  }
}
