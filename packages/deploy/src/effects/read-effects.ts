import type { KubeClient, KubeObject } from '@landfall/kube'
import { type DoneEffect, doneEffectsOf, untestedEffectsOf } from './done-effects.ts'

/** How the effect of a complete one-shot is now. */
export type EffectState =
  | { state: 'holds' }
  /** `kept`: the keeper of the release runs the one-shot again. */
  | { state: 'gone'; why: string; kept: boolean }
  /** It cannot be found out from here, or what answers has an error of its own. */
  | { state: 'unknown'; why: string }

/** Milliseconds for an answer. */
const ANSWER_MS = 5_000

/**
 * Whether what complete one-shots have done is still there, by their objects (`job/migrate`). Programs are asked through the API server, so that
 * nothing has to be made in the cluster. Throws the reason of the signal when it is aborted.
 */
export async function readEffects(
  client: KubeClient,
  namespace: string,
  jobs: readonly KubeObject[],
  signal?: AbortSignal,
): Promise<Map<string, EffectState>> {
  const found = doneEffectsOf(jobs).map(
    async (effect): Promise<[string, EffectState]> => [
      effect.object,
      await readEffect(client, namespace, effect, signal),
    ],
  )
  const all = await Promise.all(found)
  signal?.throwIfAborted()
  const untested = untestedEffectsOf(jobs).map(
    ({ object, untested: why }): [string, EffectState] => [object, unknown(why)],
  )
  return new Map([...all, ...untested])
}

/** The state of one effect, found out in the same way. */
export async function readEffect(
  client: KubeClient,
  namespace: string,
  { wait, kept }: DoneEffect,
  signal: AbortSignal | undefined,
): Promise<EffectState> {
  if (wait.kind !== 'http') return unknown(`only \`landfall up\` tests ${wait.kind}`)
  if (wait.request !== undefined) return unknown('only `landfall up` sends such a request')
  const { url, status: expected, text: wanted = '' } = wait
  const { protocol, hostname, port, pathname, search } = new URL(url)
  const service = serviceOf(hostname, namespace)
  if (service === undefined) return unknown(`${hostname} is not a Service of the namespace`)
  const tls = protocol === 'https:'
  const late = AbortSignal.timeout(ANSWER_MS)
  try {
    const { status, text } = await client.getFromService({
      ...{ namespace, service, tls, path: `${pathname}${search}` },
      port: port === '' ? (tls ? 443 : 80) : Number(port),
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    })
    const isExpected = expected === '2xx' ? status >= 200 && status <= 299 : status === expected
    if (!isExpected && status >= 500) return unknown(`${url} answers ${status}`)
    if (!isExpected) return { state: 'gone', why: `${url} answers ${status}`, kept }
    return text.includes(wanted)
      ? { state: 'holds' }
      : { state: 'gone', why: `the answer of ${url} does not contain ${wanted}`, kept }
  } catch (error) {
    return unknown(late.aborted ? `${url} does not answer` : (error as Error).message)
  }
}

function unknown(why: string): EffectState {
  return { state: 'unknown', why }
}

/** The Service behind a name as programs of the namespace write it. */
function serviceOf(host: string, namespace: string): string | undefined {
  const [name = '', of, kind] = host.split('.')
  const isOwn = of === undefined || (of === namespace && (kind === undefined || kind === 'svc'))
  return isOwn ? name : undefined
}
