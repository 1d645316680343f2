import {
  type Clock,
  ConnectionError,
  isRefusal,
  type KubeClient,
  StatusError,
} from '@landfall/kube'

/** An upgrade of a control plane takes about a minute; as long as a watch waits for a server. */
const PATIENCE_MS = 120_000

const PAUSE_MS = 1_000

/** Does what can be done twice, again and again while the server is away; then throws the last error. */
export async function patiently<T>(
  work: () => Promise<T>,
  clock: Clock,
  signal?: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = clock.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAway(error) || clock.now() > end) throw error
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}

/** Whether an error says that the server cannot be reached, or that what it depends on is away for the moment. */
export function isAway(error: unknown): boolean {
  if (error instanceof ConnectionError) return true
  if (!(error instanceof StatusError)) return false
  const { code, message = '' } = error.status
  return [502, 503, 504].includes(code) || /\betcdserver: /.test(message)
}

/**
 * A client that repeats requests while the API server is away: everything but `logs`, whose reader saw a part already, and
 * `watch`, which waits by itself.
 */
export function patientClient(
  client: KubeClient,
  clock: Clock,
  stop?: AbortSignal,
  patienceMs?: number,
): KubeClient {
  const again = <T>(work: () => Promise<T>, signal: AbortSignal | undefined = stop) =>
    patiently(work, clock, signal, patienceMs)
  return {
    ...client,
    get: (object, signal) => again(() => client.get(object, signal), signal),
    list: (collection, selection) =>
      again(() => client.list(collection, selection), selection?.signal),
    apply: (object, options) => again(() => client.apply(object, options), options?.signal),
    delete: (object, options) => again(() => client.delete(object, options), options?.signal),
    listableKinds: () => again(() => client.listableKinds()),
    isNamespaced: (kind) => again(() => client.isNamespaced(kind)),
    async create(object, signal) {
      let attempts = 0
      return again(async () => {
        attempts++
        try {
          return await client.create(object, signal)
        } catch (error) {
          // the answer to an earlier attempt was lost, not the request
          const made = attempts > 1 && isRefusal(error, 'AlreadyExists')
          const { apiVersion, kind, metadata } = object
          const found = made && (await client.get({ apiVersion, kind, ...metadata }, signal))
          if (found) return found
          throw error
        }
      }, signal)
    },
  }
}
