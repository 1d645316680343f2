import { setTimeout as pause } from 'node:timers/promises'
import type { KeeperSettings, KubeClient } from '@landfall/kube'
import { actsIn } from './act.ts'
import { alarmOf } from './alarm.ts'
import { turnOf } from './turn.ts'
import { Kept, keepCollection } from './watch.ts'
import { podOf, type Workload, workloadKey, workloadOf } from './world.ts'

export interface KeepOptions {
  client: KubeClient
  namespace: string
  settings: KeeperSettings
  signal: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  /** Writes a line of the log. */
  log(line: string): void
}

/** Events of one change arrive together. */
const GATHER_MS = 100

/** Without an event everything is decided again after this. */
const LONGEST_MS = 60_000

/**
 * Watches a release and does what its settings say, until the signal is aborted. Throws when the API refuses a watch: without it nothing can be
 * kept. Everything else is tried again.
 */
export async function keep(options: KeepOptions): Promise<void> {
  const { client, namespace, settings, now, log } = options
  const ended = new AbortController()
  const signal = AbortSignal.any([options.signal, ended.signal])
  const alarm = alarmOf(signal)
  const pods = new Kept(podOf)
  const kinds = kindsOf(settings).map((kind) => ({ kind, kept: new Kept(workloadOf) }))
  const watching = <T>(kept: Kept<T>, apiVersion: string, kind: string) =>
    keepCollection(
      {
        ...{ client, signal },
        collection: { apiVersion, kind, namespace },
        labelSelector: `app.kubernetes.io/instance=${settings.release}`,
        onChange: alarm.ring,
        onLost: (error) => log(`the API server does not answer: ${error.message}`),
      },
      kept,
    )
  const turn = turnOf({
    acts: actsIn(client, namespace),
    ...{ settings, log, now },
    world: () => ({
      pods: pods.objects,
      workloads: new Map(
        kinds.flatMap(({ kept }) =>
          [...kept.objects.values()].map((one): [string, Workload] => [workloadKey(one), one]),
        ),
      ),
    }),
    update(object) {
      const kept = kinds.find(({ kind }) => kind === object.kind)?.kept
      if (kept?.objects.has(String(object.metadata.uid))) kept.take(object)
    },
    onAnswer: alarm.ring,
  })
  const turns = async (): Promise<void> => {
    while (!signal.aborted) {
      const isCurrent = pods.current && kinds.every(({ kept }) => kept.current)
      const lookAt = (isCurrent ? await turn() : undefined) ?? Number.POSITIVE_INFINITY
      await alarm.wait(Math.min(LONGEST_MS, Math.max(0, lookAt - now())))
      await pause(GATHER_MS)
    }
  }
  const watches = [
    watching(pods, 'v1', 'Pod'),
    ...kinds.map(({ kind, kept }) => watching(kept, kind === 'Job' ? 'batch/v1' : 'apps/v1', kind)),
  ]
  try {
    await Promise.race([...watches, turns()])
  } finally {
    ended.abort()
  }
}

/** The kinds that are watched; Deployments always, because the keeper is one. */
function kindsOf({ services }: KeeperSettings): string[] {
  return [...new Set(['Deployment', ...services.map(({ kind }) => kind)])]
}
