import {
  AnswerError,
  type CheckAction,
  type Clock,
  ConnectionError,
  CURL,
  curlConfig,
  type ExecOptions,
  type ExecResult,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  StatusError,
} from '@landfall/kube'
import { TEST_CONTAINER } from '../answers/test-pod.ts'
import { abortAfter } from '../attempt/abort-after.ts'
import { containersOf } from '../view/containers.ts'
import { readCurl } from './request.ts'
import { CannotTell, type Got } from './result.ts'
import type { Act } from './run-check.ts'

/** What the way through the API server may take in addition to the time of an action. */
const WAY_MS = 10_000

export interface ActOptions {
  client: KubeClient
  namespace: string
  /** The test pod, for all actions but commands. */
  pod: ObjectReference | undefined
  clock: Clock
}

/** Does actions inside the cluster: requests in the test pod, commands in a running pod of their service. */
export function actInCluster(options: ActOptions): Act {
  return async (action, timeoutMs, signal) =>
    action.kind === 'command'
      ? runCommand(options, action, timeoutMs, signal)
      : request(options, action, timeoutMs, signal)
}

async function request(
  { pod, ...options }: ActOptions,
  action: Exclude<CheckAction, { kind: 'command' }>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Got> {
  if (pod === undefined) throw new Error('there is no test pod for a request')
  const command = {
    pod: pod.name,
    container: TEST_CONTAINER,
    command: CURL,
    stdin: once(curlConfig(action, timeoutMs)),
  }
  const result = await exec(options, command, timeoutMs + WAY_MS, signal)
  if (result instanceof StatusError) throw new CannotTell(result.message)
  if (result === 'late') throw new CannotTell('the test pod does not respond')
  if (result === 'too much') throw new CannotTell('the test pod sends more than was requested')
  return readCurl(action, result)
}

async function runCommand(
  options: Omit<ActOptions, 'pod'>,
  { service, container, pods, command }: Extract<CheckAction, { kind: 'command' }>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Got> {
  const nothing = (message: string): Got => ({ kind: 'nothing', message })
  const pod = await podFor(options, pods, container, signal)
  if (pod === undefined) return nothing(`no container of ${service} is running`)
  const result = await exec(options, { pod, container, command }, timeoutMs, signal)
  if (result === 'late') return nothing(`it did not end within ${Math.round(timeoutMs / 1_000)} s`)
  if (result === 'too much') return nothing('it prints more than 4 MiB')
  // the container runtime could not start it
  if (result instanceof StatusError) return nothing(result.message)
  return {
    kind: 'output',
    exitCode: result.exitCode,
    text: result.stdout,
    errors: result.stderr,
  }
}

/** The newest pod in which the container runs, a ready one if there is any. */
async function podFor(
  { client, namespace }: Omit<ActOptions, 'pod'>,
  labels: Readonly<Record<string, string>>,
  container: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace }
  const { items } = await orCannotTell(
    client.list(pods, { labelSelector, signal }),
    namespace,
    signal,
  )
  const candidates = items.flatMap((pod) => {
    const found = containersOf(pod).find(({ name }) => name === container)
    const runs = found?.running === true && pod.metadata.deletionTimestamp === undefined
    return runs ? [{ name: pod.metadata.name, ready: found.ready, since: createdAt(pod) }] : []
  })
  candidates.sort((a, b) => Number(b.ready) - Number(a.ready) || b.since - a.since)
  return candidates[0]?.name
}

function createdAt({ metadata }: KubeObject): number {
  return Date.parse(String(metadata.creationTimestamp ?? '')) || 0
}

/** How a command ended; `late`: not in its time. A StatusError: it could not be started. */
async function exec(
  { client, namespace, clock }: Omit<ActOptions, 'pod'>,
  command: Omit<ExecOptions, 'signal' | 'namespace'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ExecResult | StatusError | 'late' | 'too much'> {
  const late = abortAfter(timeoutMs, clock)
  const stop = AbortSignal.any([signal, late.signal])
  try {
    return await untilAborted(client.exec({ ...command, namespace, signal: stop }), stop)
  } catch (error) {
    signal.throwIfAborted()
    if (late.signal.aborted) return 'late'
    if (error instanceof AnswerError && /more output/.test(error.message)) return 'too much'
    if (error instanceof StatusError && !isRefused(error)) return error
    return await orCannotTell(Promise.reject(error), namespace, signal)
  } finally {
    late.cancel()
  }
}

/** A connection that hangs does not hold up the wait. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function isRefused({ status }: StatusError): boolean {
  return status.reason === 'Forbidden' || status.reason === 'Unauthorized'
}

/** What the API server answers; a refusal is for good, and a lost connection is not. */
export async function orCannotTell<T>(
  work: Promise<T>,
  namespace: string,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StatusError)
      throw new CannotTell(error.message, {
        forGood: isRefused(error),
        ...(isRefused(error) && { hint: hintFor(error, namespace) }),
      })
    if (error instanceof ConnectionError || error instanceof AnswerError)
      throw new CannotTell(error.message)
    throw error
  }
}

/** How an administrator gives the rights that checks need. */
function hintFor({ message }: StatusError, namespace: string): string {
  const user = /User "([\w.:@-]+)"/.exec(message)?.[1] ?? 'USER'
  const create = (role: string, rights: string) =>
    `kubectl create role ${role} -n ${namespace} ${rights} && kubectl create rolebinding ${role} -n ${namespace} --role=${role} --user=${user}`
  const rights = /"pods\/exec"/.test(message)
    ? create('landfall-exec', '--verb=get,create --resource=pods/exec')
    : create('landfall-pods', '--verb=get,list,create,delete --resource=pods')
  return `checks run in a pod of the cluster; an administrator gives the right with \`${rights}\``
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
