import { type Clock, CONNECTED_ANNOTATION, type KubeClient, type KubeObject } from '@landfall/kube'
import type { Assessment, FailedAssessment } from '../assess/assess.ts'
import type { Owners } from '../assess/roots.ts'
import { ANSWER_PATIENCE_MS, hintFor } from '../assess/unanswered.ts'
import { type Finding, NO_RANK } from '../failures/index.ts'
import type { ReleaseReference } from '../release/release.ts'
import { checkFromInside } from './check-pod.ts'
import { whyUnknown } from './test-pod.ts'

/** The test pod needs this long to start, and to test each connection once. */
const FIRST_ROUND_MS = 8_000

/** What is outside of the project and has not answered after this time is reported, and no longer waited for. */
const EXTERNAL_PATIENCE_MS = 10_000

/** A port that a service connects to by a name of the project. */
export interface Connection {
  /** `cache:6379` */
  pair: string
  name: string
  port: string
  by: string
  /** What answers there is not part of the release: no pod of it can be wrong. */
  external: boolean
}

/** Every connection of services that the Services of a release record. */
export function connectionsOf(objects: readonly KubeObject[]): Connection[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const annotation = metadata.annotations?.[CONNECTED_ANNOTATION]
    if (kind !== 'Service' || annotation === undefined) return []
    const external = spec?.selector === undefined
    return annotation.split(',').map((entry) => {
      const [port = '', by = ''] = entry.split(':')
      return { pair: `${metadata.name}:${port}`, name: metadata.name, port, by, external }
    })
  })
}

/** Whether services answer where others connect to them, tested from inside the cluster during the wait. */
export interface Connections {
  /** Tests while everything is ready, from the first call with true on; starts again after something was not. */
  whileReady(ready: boolean): void
  /** All have answered, or it cannot be known; what is outside of the project has had its time. */
  answered(): boolean
  /** What is outside of the project and has not answered in its time. */
  unreachable(): Connection[]
  /** Why nothing is known of the connections; undefined where it is. */
  unknown(): string | undefined
  pending(): Connection | undefined
  /** Each connection was tested at least once. */
  tested(): boolean
  /** Fulfilled when nothing of it is left in the cluster, after the signal is aborted. */
  ended(): Promise<void>
  /** The connection that has been refused for too long, as a finding about the workload behind it. */
  failure(assessments: readonly Assessment[]): FailedAssessment | undefined
}

export interface ConnectionOptions {
  client: KubeClient
  reference: ReleaseReference
  image: string
  connections: readonly Connection[]
  owners: Owners
  onChange: () => void
  clock: Clock
  signal: AbortSignal
}

export function watchConnections(options: ConnectionOptions): Connections {
  const { connections, owners, onChange, clock, signal } = options
  let open = new Map(connections.map((connection) => [connection.pair, connection]))
  let problem: string | undefined
  let since = 0
  /** When the test pod of this round began; its connections cannot be judged before. */
  let startedAt: number | undefined
  let round: AbortController | undefined
  let rounds = Promise.resolve()
  const test = async (own: AbortController): Promise<void> => {
    if (own !== round || signal.aborted) return
    try {
      await checkFromInside({
        ...options,
        pairs: [...open.keys()],
        onStart() {
          if (own === round) startedAt = clock.now()
        },
        onAnswer(pair) {
          if (own !== round) return
          open.delete(pair)
          onChange()
        },
        signal: AbortSignal.any([own.signal, signal]),
      })
    } catch (error) {
      if (own.signal.aborted || signal.aborted) return
      problem = whyUnknown(error)
    }
    onChange()
  }
  const left = () => (problem === undefined ? [...open.values()] : [])
  const sinceStart = () => (startedAt === undefined ? 0 : clock.now() - startedAt)
  const isLate = ({ external }: Connection) => external && sinceStart() >= EXTERNAL_PATIENCE_MS
  return {
    whileReady(ready) {
      if (ready === (round !== undefined) || connections.length === 0) return
      round?.abort()
      round = undefined
      startedAt = undefined
      if (!ready) return
      open = new Map(connections.map((connection) => [connection.pair, connection]))
      since = clock.now()
      round = new AbortController()
      const own = round
      rounds = rounds.then(() => test(own))
    },
    answered: () => left().every(isLate),
    unreachable: () => left().filter(isLate),
    unknown: () => problem,
    pending: () => left().find((connection) => !isLate(connection)),
    ended: () => rounds,
    tested: () => startedAt !== undefined && clock.now() - since > FIRST_ROUND_MS,
    failure(assessments) {
      const connection = left().find(({ external }) => !external)
      if (connection === undefined || sinceStart() < ANSWER_PATIENCE_MS) return undefined
      const { name, port, pair, by } = connection
      const at = assessments.find(({ object }) => object === owners.get(name))
      if (at === undefined) return undefined
      const finding: Finding = {
        code: 'deploy/port-closed',
        reason: 'nothing answers',
        message: `its pod runs, but ${pair} refuses connections inside the cluster, and ${by} connects to it`,
        about: 'ports',
        final: true,
        hint: `${hintFor(name, [port])}; a port that need not answer: services.${name}.optionalPorts: [${port}]`,
      }
      return { ...at, message: finding.message, finding, rank: NO_RANK }
    },
  }
}
