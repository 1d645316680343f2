import { type Clock, machineClock } from '../clock.ts'
import type { KubeObject } from '../object.ts'
import type { CollectionReference, KindReference, ObjectReference } from '../reference.ts'
import { parseObject } from './answer/objects.ts'
import { readText } from './answer/read-json.ts'
import { type KubeList, listPages, type Selection } from './list.ts'
import { logLines } from './log-lines.ts'
import { apiOf, type Fetch, serverClock } from './request.ts'
import { discoverResources, resourcePath } from './resources.ts'
import { ConnectionError, isRefusal, StatusError } from './status-error.ts'
import {
  type ExecOptions,
  type ExecResult,
  execOver,
  type SessionOptions,
  sessionOver,
} from './stream/exec.ts'
import { forwardOver, type PodConnection, type PortForwardOptions } from './stream/port-forward.ts'
import type { OpenSocket } from './stream/socket.ts'
import { type WatchStep, watchCollection } from './watch.ts'

/** Owner of the fields that we set. https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export const FIELD_MANAGER = 'landfall'

export interface KubeClientOptions {
  fetch: Fetch
  /** `https://10.0.0.1:6443` */
  server: string
  /** The namespace of objects that name none; `default` if omitted. */
  namespace?: string
  headers?: Record<string, string>
  /** For commands and ports of pods, which cannot be used if omitted. */
  openSocket?: OpenSocket
  /** Owner of the fields that are set; {@link FIELD_MANAGER} if omitted. */
  fieldManager?: string
  /** For pauses between attempts; the machine's if omitted. */
  clock?: Clock
  /** Milliseconds for an answer other than a watch or a log; 65 s if omitted. */
  answerMs?: number
}

export interface ApplyOptions {
  signal?: AbortSignal | undefined
  /** Nothing is kept. */
  dryRun?: boolean
  /** Owner of the fields of the object, if not that of the client. */
  fieldManager?: string
}

export interface DeleteOptions {
  /** Foreground: the object stays until what it owns is gone. */
  propagation?: 'Foreground' | 'Background' | 'Orphan'
  /** Refuses (`Conflict`) if the object was deleted and created again since. */
  uid?: string
  signal?: AbortSignal | undefined
}

export interface LogOptions {
  namespace?: string
  pod: string
  container?: string
  follow?: boolean
  tailLines?: number
  /** Of the container's previous run. */
  previous?: boolean
  /** Lines of the last so many seconds only. */
  sinceSeconds?: number
  /** Each line begins with its time and a space. */
  timestamps?: boolean
  signal?: AbortSignal | undefined
}

/** A GET of a path of a program behind a Service. */
export interface ServiceRequest {
  namespace?: string
  service: string
  port: number
  tls: boolean
  /** `/v1/kv/a?raw` */
  path: string
  signal?: AbortSignal | undefined
}

/** What it answers; of a status of 400 or more the text is the beginning. */
export interface ServiceAnswer {
  status: number
  text: string
}

/**
 * The Kubernetes API, as far as we use it.
 * Every function throws a StatusError for a refusal, a ConnectionError when the server cannot be reached, and an AnswerError when
 * it answers something else than the Kubernetes API.
 */
export interface KubeClient {
  /** Undefined when there is no such object. */
  get(object: ObjectReference, signal?: AbortSignal): Promise<KubeObject | undefined>
  /** All objects, however many pages that takes. */
  list(collection: CollectionReference, selection?: Selection): Promise<KubeList>
  /** Server-side apply as the field manager, taking over fields that others own; unknown fields are refused. */
  apply(
    object: KubeObject,
    options?: ApplyOptions,
  ): Promise<{ object: KubeObject; created: boolean }>
  create(object: KubeObject, signal?: AbortSignal): Promise<KubeObject>
  /** Removes fields, by JSON Pointers, of exactly this version of an object; refuses (`Conflict` or `Invalid`) if it has changed since. */
  removeFields(
    object: KubeObject,
    pointers: readonly string[],
    signal?: AbortSignal,
  ): Promise<KubeObject>
  /** False when there was no such object. */
  delete(object: ObjectReference, options?: DeleteOptions): Promise<boolean>
  /** Objects as they are and as they change, until the signal is aborted; survives lost connections and expired versions. */
  watch(collection: CollectionReference, selection?: Selection): AsyncGenerator<WatchStep>
  /** Lines of a container's output. A StatusError where its node has removed it. */
  logs(options: LogOptions): AsyncGenerator<string>
  /** Runs a command in a running container, and waits for its end. */
  exec(options: ExecOptions): Promise<ExecResult>
  /** Runs a command in a running container, passes on what it prints, and gives its exit code. */
  session(options: SessionOptions): Promise<number>
  /** Connects to a port of a pod. */
  portForward(options: PortForwardOptions): Promise<PodConnection>
  /** What a program behind a Service answers to a GET, through the API server. */
  getFromService(request: ServiceRequest): Promise<ServiceAnswer>
  /** Every kind that lives in namespaces and can be listed. */
  listableKinds(): Promise<KindReference[]>
  isNamespaced(kind: KindReference): Promise<boolean>
  /** The version of the API server: `v1.34.2`. */
  serverVersion(signal?: AbortSignal): Promise<string>
  /** Whether the account may do this to objects of a kind. */
  isAllowed(
    verb: string,
    kind: KindReference,
    options?: { namespace?: string; signal?: AbortSignal | undefined },
  ): Promise<boolean>
  /** The API server's clock in milliseconds since 1970, exact to a second; undefined before its first answer. */
  serverTime(): number | undefined
}

const POD: KindReference = { apiVersion: 'v1', kind: 'Pod' }

/** Kubelets limit the lines of containers to 16 KiB each and join them again; a longer one is cut, so that it is not all kept in memory. */
/** Makes a client of one server over a `fetch` that knows how to reach it. */
export function kubeClient(options: KubeClientOptions): KubeClient {
  const { fetch, server, namespace: defaultNamespace = 'default', headers = {} } = options
  const { fieldManager = FIELD_MANAGER } = options
  const clock = options.clock ?? machineClock
  const serverTime = serverClock(clock)
  const { answerMs } = options
  const api = apiOf({ fetch, server, headers, clock, serverTime, answerMs })
  const resources = discoverResources(api)

  const pathOf = async (object: ObjectReference): Promise<string> => {
    const resource = await resources.of(object)
    return resourcePath(resource, object.namespace ?? defaultNamespace, object.name)
  }
  /** Opens a stream of a pod. A WebSocket that is refused does not show why: the same request without one does. */
  const streaming = async <
    Options extends { namespace?: string; pod: string; signal?: AbortSignal | undefined },
    Result,
  >(
    kind: 'exec' | 'portforward',
    work: (open: OpenSocket, server: string, path: string, options: Options) => Promise<Result>,
    stream: Options,
  ): Promise<Result> => {
    const { pod: name, namespace, signal } = stream
    if (options.openSocket === undefined) throw new Error('this client cannot open streams')
    const path = await pathOf({ ...POD, name, ...(namespace === undefined ? {} : { namespace }) })
    try {
      return await work(options.openSocket, server, path, stream)
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
      throw (await refusalOf(`${path}/${kind}`, signal)) ?? error
    }
  }
  const refusalOf = async (path: string, signal: AbortSignal | undefined) => {
    try {
      await api.open({ method: 'GET', path, signal })
    } catch (error) {
      const refused = ['Forbidden', 'Unauthorized', 'NotFound'].some((one) => isRefusal(error, one))
      return refused ? (error as StatusError) : undefined
    }
    return undefined
  }
  const list = async (collection: CollectionReference, selection: Selection = {}) =>
    listPages(api, await resources.of(collection), collection.namespace, selection)

  return {
    async get(object, signal) {
      try {
        const { json } = await api.read({ method: 'GET', path: await pathOf(object), signal })
        return api.parsed(() => parseObject(json, object, object.name))
      } catch (error) {
        if (isRefusal(error, 'NotFound')) return undefined
        throw error
      }
    },
    list,
    async apply(object, { signal, dryRun = false, fieldManager: manager = fieldManager } = {}) {
      const { name, namespace } = object.metadata
      const { json, status } = await api.read({
        method: 'PATCH',
        path: await pathOf({
          ...kindOf(object),
          name,
          ...(namespace === undefined ? {} : { namespace }),
        }),
        query: {
          fieldManager: manager,
          force: true,
          fieldValidation: 'Strict',
          ...(dryRun && { dryRun: 'All' }),
        },
        body: object,
        contentType: 'application/apply-patch+yaml',
        signal,
      })
      return { object: api.parsed(() => parseObject(json, object, name)), created: status === 201 }
    },
    async create(object, signal) {
      const resource = await resources.of(object)
      const { json } = await api.read({
        method: 'POST',
        path: resourcePath(resource, object.metadata.namespace ?? defaultNamespace),
        query: { fieldManager, fieldValidation: 'Strict' },
        body: object,
        signal,
      })
      return api.parsed(() => parseObject(json, object))
    },
    async removeFields(object, pointers, signal) {
      const { name, namespace, resourceVersion } = object.metadata
      const same = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }
      const { json } = await api.read({
        method: 'PATCH',
        path: await pathOf({
          ...kindOf(object),
          name,
          ...(namespace === undefined ? {} : { namespace }),
        }),
        query: { fieldManager },
        body: [same, ...pointers.map((path) => ({ op: 'remove', path }))],
        contentType: 'application/json-patch+json',
        signal,
      })
      return api.parsed(() => parseObject(json, object, name))
    },
    async delete(object, { propagation = 'Background', uid, signal } = {}) {
      try {
        await api.read({
          method: 'DELETE',
          path: await pathOf(object),
          body: {
            kind: 'DeleteOptions',
            apiVersion: 'v1',
            propagationPolicy: propagation,
            ...(uid === undefined ? {} : { preconditions: { uid } }),
          },
          signal,
        })
        return true
      } catch (error) {
        if (isRefusal(error, 'NotFound')) return false
        throw error
      }
    },
    async *watch(collection, selection = {}) {
      const resource = await resources.of(collection)
      const path = resourcePath(resource, collection.namespace)
      yield* watchCollection(
        api,
        resource,
        path,
        () => list(collection, selection),
        selection,
        clock,
      )
    },
    async *logs({ namespace, pod, signal, ...query }) {
      const path = await pathOf({
        ...POD,
        name: pod,
        ...(namespace === undefined ? {} : { namespace }),
      })
      const request = { method: 'GET', path: `${path}/log`, query, signal } as const
      const { body } = await api.open(request, query.follow)
      yield* logLines(api.explained(body, signal))
    },
    exec: (command) => streaming('exec', execOver, command),
    session: (command) => streaming('exec', sessionOver, command),
    portForward: (port) => streaming('portforward', forwardOver, port),
    async getFromService({ namespace, service, port, tls, path, signal }) {
      const { pathname, search } = new URL(path, 'http://service')
      const resource = await resources.of({ apiVersion: 'v1', kind: 'Service' })
      const name = `${tls ? 'https' : 'http'}:${service}:${port}`
      const at = resourcePath(resource, namespace ?? defaultNamespace, name)
      const query = Object.fromEntries(new URLSearchParams(search))
      try {
        const request = { method: 'GET', path: `${at}/proxy${pathname}`, query, signal } as const
        const { status, body } = await api.open(request)
        return { status, text: await readText(body) }
      } catch (error) {
        // a refusal of the API server itself is a Status; anything else is of the program
        if (!(error instanceof StatusError) || error.status.kind === 'Status') throw error
        return { status: error.status.code, text: error.message }
      }
    },
    async listableKinds() {
      return (await resources.listable()).map(kindOf)
    },
    async isNamespaced(kind) {
      return (await resources.of(kind)).namespaced
    },
    async serverVersion(signal) {
      const { json } = await api.read({ method: 'GET', path: '/version', signal })
      const { gitVersion } = (json ?? {}) as { gitVersion?: unknown }
      return String(gitVersion)
    },
    async isAllowed(verb, kind, { namespace, signal } = {}) {
      const { plural, apiVersion, namespaced } = await resources.of(kind)
      const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
      const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' }
      const { json } = await api.read({
        method: 'POST',
        path: resourcePath(await resources.of(review)),
        body: {
          ...review,
          spec: {
            resourceAttributes: {
              verb,
              group,
              version,
              resource: plural,
              ...(namespaced && namespace !== undefined && { namespace }),
            },
          },
        },
        signal,
      })
      const { status } = (json ?? {}) as { status?: { allowed?: unknown } }
      return status?.allowed === true
    },
    serverTime: serverTime.now,
  }
}

function kindOf({ apiVersion, kind }: KindReference): KindReference {
  return { apiVersion, kind }
}
