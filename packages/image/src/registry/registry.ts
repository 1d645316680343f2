import { type Chunks, collect } from '../blob.ts'
import { MANIFEST_TYPES } from '../manifest.ts'
import type { ImageReference } from '../reference.ts'
import type { ImageSource } from '../source.ts'
import { Absent, Unreadable } from '../unreadable.ts'
import { authorize } from './authorize.ts'
import type { Credentials } from './credentials.ts'
import type { Fetch, FetchAnswer } from './fetch.ts'

/** How registries are reached. */
export interface RegistryAccess {
  fetch: Fetch
  /** The login of a host; called only when a registry requires one. */
  credentials: (host: string) => Promise<Credentials | undefined>
  /** Addresses that are tried before the registry of a host itself: `https://mirror.example`. */
  mirrors?: Readonly<Record<string, readonly string[]>>
  /** Hosts, in addition to those of this machine, that may use plain http. */
  plainHttp?: readonly string[]
  /** Milliseconds until a registry has to begin its answer. */
  patience: number
  /** Milliseconds for the whole of one answer, of which a layer is the longest. */
  transfer: number
}

const LARGEST_MANIFEST = 4 * 1024 ** 2

/** The images of the repository that a name means, at the addresses where Docker would look for them. */
export function registrySource(
  { host, repository }: ImageReference,
  access: RegistryAccess,
  silent: Set<string>,
): ImageSource {
  const endpoints = endpointsOf(host, access)
  return repositorySource({ host, repository, endpoints }, access, silent)
}

/**
 * The images of one repository of a registry (https://github.com/opencontainers/distribution-spec), read only, at the first
 * of the addresses that has them. `silent` are addresses that did not answer: no request is sent to them again, and those that
 * do not answer now join them.
 */
export function repositorySource(
  { host, repository, ...where }: { host: string; repository: string; endpoints: string[] },
  access: RegistryAccess,
  silent: Set<string>,
): ImageSource {
  let { endpoints } = where
  let authorization: string | undefined

  const ask = async (base: string, path: string, accept: string): Promise<FetchAnswer> => {
    const asked = base === serverOf(host) ? host : new URL(base).host
    const url = `${base}/v2/${repository}/${path}`
    const send = () =>
      timed(access.patience, (signal) =>
        access.fetch(url, {
          headers: { accept, ...(authorization === undefined ? {} : { authorization }) },
          signal,
        }),
      )
    const answer = await send()
    if (answer.status !== 401) return answer
    await discard(answer)
    authorization = await timed(access.patience * 2, async (signal) => {
      const token = (credentials?: Credentials) =>
        authorize(answer, repository, credentials, access.fetch, signal)
      const credentials = await access.credentials(asked)
      const known = credentials && (await token(credentials))
      // A login that has expired does not hide what everybody may see.
      return known ?? token()
    })
    return authorization === undefined ? answer : send()
  }

  /** Tries one address after the other; the one that had the answer is tried first from then on. */
  const get = async (path: string, accept: string): Promise<Chunks> => {
    let refusal = new Unreadable(`${host} has no address`)
    for (const base of endpoints) {
      if (silent.has(base)) {
        refusal = new Unreadable(`${host} does not answer`)
        continue
      }
      let answer: FetchAnswer
      try {
        answer = await ask(base, path, accept)
      } catch (error) {
        if (error instanceof Unreadable) refusal = error
        else {
          refusal = new Unreadable(noAnswer(error, host))
          silent.add(base)
        }
        continue
      }
      if (answer.status === 200 && answer.body !== null) {
        endpoints = [base, ...endpoints.filter((other) => other !== base)]
        return flowing(answer.body, access, host)
      }
      await discard(answer)
      refusal = refusalOf(answer.status, host)
    }
    throw refusal
  }

  return {
    manifest: async (wanted) =>
      collect(await get(`manifests/${wanted}`, MANIFEST_TYPES), LARGEST_MANIFEST),
    async *blob(digest) {
      yield* await get(`blobs/${digest}`, '*/*')
    },
  }
}

/** The addresses of a host, in this order. Docker, too, lets registries of this machine use plain http. */
function endpointsOf(host: string, { mirrors = {}, plainHttp = [] }: RegistryAccess): string[] {
  const plain = isLoopback(host) || plainHttp.includes(host)
  return [
    ...(mirrors[host] ?? []).map((url) => url.replace(/\/+$/, '')),
    serverOf(host),
    ...(plain ? [`http://${host}`] : []),
  ]
}

/** The address of a host's own registry. Docker Hub's differs from the host in its names. */
export function serverOf(host: string): string {
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`
}

/** Whether a host, with or without a port, is this machine. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host)
}

/** What machines without a network report, each another code: left out, so that all of them print the same. */
const NO_NETWORK =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENET|EHOST|ETIMEDOUT|UND_ERR_CONNECT)/

/** Why there was no answer; for a certificate that is not trusted the code is clearer than a library's sentence. */
function noAnswer(error: unknown, host: string): string {
  const { name, code, cause } = error as {
    name?: string
    code?: unknown
    cause?: { code?: unknown }
  }
  const known = cause?.code ?? code
  // What neither the network nor a time limit has caused is a bug.
  if (cause === undefined && code === undefined && !/^(Abort|Timeout)Error$/.test(name ?? ''))
    throw error
  const why = typeof known === 'string' && !NO_NETWORK.test(known) ? ` (${known})` : ''
  return `${host} does not answer${why}`
}

function refusalOf(status: number, host: string): Unreadable {
  if (status === 404) return new Absent(`not found on ${host}`)
  if (status === 401 || status === 403)
    return new Unreadable(`access to ${host} denied; log in with docker login ${host}`)
  if (status === 429) return new Unreadable(`rate limit of ${host} reached; docker login raises it`)
  return new Unreadable(`${host} responded with status ${status}`)
}

async function discard({ body }: FetchAnswer): Promise<void> {
  if (body === null) return
  try {
    await collect(body, 64 * 1024)
  } catch {
    // Only the connection matters here.
  }
}

/** Ends work that has not begun to answer in time. */
async function timed<T>(patience: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), patience)
  try {
    return await work(waiting.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Refuses an answer that stops in its middle, or takes too long as a whole. */
async function* flowing(
  chunks: Chunks,
  { patience, transfer }: RegistryAccess,
  host: string,
): Chunks {
  const iterator = chunks[Symbol.asyncIterator]()
  const whole = limit(transfer, `the response from ${host} took too long`)
  try {
    for (;;) {
      const pause = limit(patience * 4, `the response from ${host} stalled`)
      const { value, done } = await Promise.race([iterator.next(), pause.over, whole.over]).finally(
        pause.end,
      )
      if (done === true) return
      yield value
    }
  } finally {
    whole.end()
  }
}

/** A promise that fails with a sentence when some milliseconds are over, unless it is ended before. */
function limit(milliseconds: number, sentence: string): { over: Promise<never>; end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unreadable(sentence)), milliseconds)
  })
  return { over, end: () => clearTimeout(timer) }
}
