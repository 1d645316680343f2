import { type Chunks, collect } from '../blob.ts'
import type { Budget, ReadLimits } from '../budget.ts'
import { MANIFEST_TYPES } from '../manifest.ts'
import type { ImageReference } from '../reference.ts'
import type { ImageSource } from '../source.ts'
import { Absent, Unreadable } from '../unreadable.ts'
import { authorize } from './authorize.ts'
import type { Credentials } from './credentials.ts'
import type { Fetch } from './fetch.ts'
import { isLoopback, serverOf } from './hosts.ts'
import { discard, get as request, type Sent } from './send.ts'
import { type LoginRules, mayReceiveLogin } from './token-services.ts'

/** How registries are reached. */
export interface RegistryAccess extends LoginRules {
  fetch: Fetch
  /** The login of a host; called only when a registry requires one. */
  credentials: (host: string) => Promise<Credentials | undefined>
  /** Addresses that are tried before the registry of a host itself: `https://mirror.example`. */
  mirrors?: Readonly<Record<string, readonly string[]>>
  /** Milliseconds until a registry has to begin its answer. */
  patience: number
  /** Milliseconds for the whole of one answer, of which a layer is the longest. */
  transfer: number
  /** What images may cost, one and all together; those of `landfall lock` if omitted. */
  limits?: ReadLimits
}

const LARGEST_MANIFEST = 4 * 1024 ** 2

/** The images of the repository that a name means, at the addresses where Docker would look for them. */
export function registrySource(
  { host, repository }: ImageReference,
  access: RegistryAccess,
  silent: Set<string>,
  budget: Budget,
): ImageSource {
  const endpoints = endpointsOf(host, access)
  return repositorySource({ host, repository, endpoints }, access, silent, budget)
}

/**
 * The images of one repository of a registry (https://github.com/opencontainers/distribution-spec), read only, at the first
 * of the addresses that has them. `silent` are addresses that did not answer: no request is sent to them again, and those that
 * do not answer now join them. What arrives is taken from the budget.
 */
export function repositorySource(
  { host, repository, ...where }: { host: string; repository: string; endpoints: string[] },
  access: RegistryAccess,
  silent: Set<string>,
  budget: Budget,
): ImageSource {
  let { endpoints } = where
  /** By address: a mirror does not get the token of the registry. */
  const authorizations = new Map<string, string>()
  let withheld: string | undefined

  const ask = async (base: string, path: string, accept: string): Promise<Sent> => {
    const url = new URL(`${base}/v2/${repository}/${path}`)
    const owner = base === serverOf(host) || url.host === host ? host : url.host
    const send = () => {
      const authorization = authorizations.get(base)
      return request(
        access.fetch,
        url.href,
        {
          accept,
          'accept-encoding': 'identity',
          ...(authorization === undefined ? {} : { authorization }),
        },
        Math.min(access.patience, budget.left()),
      )
    }
    const sent = await send()
    if (sent.answer.status !== 401) return sent
    const challenge = sent.answer.headers.get('www-authenticate') ?? ''
    await discard(sent)
    const authorization = await authorize(challenge, {
      url,
      repository,
      fetch: access.fetch,
      patience: Math.min(access.patience * 2, budget.left()),
      async loginFor(to) {
        const login = await access.credentials(owner)
        if (login === undefined || mayReceiveLogin(to, owner, base, access)) return login
        withheld = `${owner}=${to.host}`
        return undefined
      },
    })
    if (authorization === undefined) return sent
    authorizations.set(base, authorization)
    return send()
  }

  /** Tries one address after the other; the one that had the answer is tried first from then on. */
  const get = async (path: string, accept: string): Promise<Chunks> => {
    let refusal = new Unreadable(`${host} has no address`)
    for (const base of endpoints) {
      if (silent.has(base)) {
        refusal = new Unreadable(`${host} does not answer`)
        continue
      }
      let sent: Sent
      try {
        sent = await ask(base, path, accept)
      } catch (error) {
        if (error instanceof Unreadable) refusal = error
        else {
          refusal = new Unreadable(noAnswer(error, host))
          silent.add(base)
        }
        continue
      }
      const { status, body } = sent.answer
      if (status === 200 && body !== null) {
        endpoints = [base, ...endpoints.filter((other) => other !== base)]
        return flowing(body, sent, access, budget, host)
      }
      await discard(sent)
      refusal = refusalOf(status, host, withheld)
    }
    throw refusal
  }

  return {
    budget,
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

/** What machines without a network report, each another code: left out, so that all of them print the same. */
const NO_NETWORK =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENET|EHOST|ETIMEDOUT|UND_ERR_CONNECT)/

/** Why there was no answer; for a certificate that is not trusted the code is clearer than a library's sentence. */
function noAnswer(error: unknown, host: string): string {
  const { name, code, cause, message } = error as {
    name?: string
    code?: unknown
    cause?: { code?: unknown }
    message?: string
  }
  const known = cause?.code ?? code
  if (cause === undefined && code === undefined && !/^(Abort|Timeout)Error$/.test(name ?? ''))
    return `no request can be sent to ${host}: ${message}`
  const why = typeof known === 'string' && !NO_NETWORK.test(known) ? ` (${known})` : ''
  return `${host} does not answer${why}`
}

/** `withheld`: a login that was not sent, as the setting that would allow it. */
function refusalOf(status: number, host: string, withheld: string | undefined): Unreadable {
  if (status === 404) return new Absent(`not found on ${host}`)
  if ((status === 401 || status === 403) && withheld !== undefined)
    return new Unreadable(
      `access to ${host} denied; its token service is on another host, which does not get the login unless LANDFALL_TOKEN_SERVICES contains ${withheld}`,
    )
  if (status === 401 || status === 403)
    return new Unreadable(`access to ${host} denied; log in with docker login ${host}`)
  if (status === 429) return new Unreadable(`rate limit of ${host} reached; docker login raises it`)
  return new Unreadable(`${host} responded with status ${status}`)
}

/** Refuses an answer that stops in its middle, breaks off, takes too long as a whole, or costs more than is left. */
async function* flowing(
  chunks: Chunks,
  { close }: Sent,
  { patience, transfer }: RegistryAccess,
  budget: Budget,
  host: string,
): Chunks {
  const iterator = chunks[Symbol.asyncIterator]()
  const whole = limit(Math.min(transfer, budget.left()), `the response from ${host} took too long`)
  const brokenOff = () => {
    throw new Unreadable(`the response from ${host} was cut off`)
  }
  try {
    for (;;) {
      const pause = limit(patience * 4, `the response from ${host} stalled`)
      const next = iterator.next().catch(brokenOff)
      const { value, done } = await Promise.race([next, pause.over, whole.over]).finally(pause.end)
      if (done === true) return
      budget.receive(value.length)
      yield value
    }
  } finally {
    whole.end()
    close()
  }
}

/** A promise that fails with a sentence when some milliseconds are over, unless it is ended before. */
function limit(milliseconds: number, sentence: string): { over: Promise<never>; end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unreadable(sentence)), milliseconds)
  })
  // What is over after it has lost a race is no error.
  over.catch(() => {})
  return { over, end: () => clearTimeout(timer) }
}
