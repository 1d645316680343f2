import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { recordOf } from '@landfall/diagnostic'
import { type Fetch, type KubeClient, kubeClient, type OpenSocket } from '@landfall/kube'
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici'
import { UsageError } from '../errors.ts'
import { openSocket } from './socket/socket.ts'

/** Milliseconds after which credentials of a plugin or a token file are read again. */
const CREDENTIALS_MS = 30_000

/** A connection to a cluster; `close` ends it. */
export interface Connection {
  client: KubeClient
  context: string
  server: string
  /** What the kubeconfig calls the cluster. */
  names: { context: string; cluster: string; user: string; server: string }
  close(): Promise<void>
}

/** A connection to the current context of a kubeconfig; nothing is sent yet. */
export function connect(config: KubeConfig, namespace?: string): Connection {
  const cluster = config.getCurrentCluster()
  if (cluster === null) throw new UsageError('the current context of the kubeconfig has no cluster')
  const transport = authenticatedFetch(config, cluster.proxyUrl)
  const { server } = cluster
  const context = config.getCurrentContext()
  const user = config.getCurrentUser()?.name ?? ''
  return {
    client: kubeClient({
      fetch: transport.fetch,
      openSocket: transport.openSocket,
      server,
      ...(namespace !== undefined && { namespace }),
    }),
    context,
    server,
    names: { context, cluster: cluster.name, user, server },
    close: transport.close,
  }
}

type Tls = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>

/** A `fetch`, and WebSockets, that carry what the kubeconfig says: tokens, client certificates, plugins, a proxy. */
function authenticatedFetch(
  config: KubeConfig,
  proxy: string | undefined,
): { fetch: Fetch; openSocket: OpenSocket; close: () => Promise<void> } {
  let credentials: Promise<Credentials> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let dispatcher: Dispatcher | undefined
  let dispatcherTls = ''

  const current = async (): Promise<Credentials> => {
    if (performance.now() - readAt > CREDENTIALS_MS) {
      readAt = performance.now()
      credentials = readCredentials(config)
      credentials.catch(() => {
        readAt = Number.NEGATIVE_INFINITY
      })
    }
    return credentials as Promise<Credentials>
  }

  const prepared = async (): Promise<{
    headers: Credentials['headers']
    dispatcher: Dispatcher
  }> => {
    const { headers, tls } = await current()
    const identity = JSON.stringify(tls)
    if (dispatcher === undefined || identity !== dispatcherTls) {
      // Watches are silent for long: no limit on the pauses within a body.
      dispatcher =
        proxy === undefined
          ? new Agent({ connect: { ...(tls as object) }, bodyTimeout: 0 })
          : new ProxyAgent({ uri: proxy, requestTls: tls as object, bodyTimeout: 0 })
      dispatcherTls = identity
    }
    return { headers, dispatcher }
  }

  return {
    async fetch(url, init) {
      const { headers, dispatcher } = await prepared()
      return fetch(url, { ...init, headers: { ...init.headers, ...headers }, dispatcher })
    },
    openSocket: async (url, protocol, signal) =>
      openSocket({ url, protocol, signal, ...(await prepared()) }),
    close: async () => dispatcher?.destroy(),
  }
}

interface Credentials {
  headers: Record<string, string>
  tls: Tls
}

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = { headers: {} }
  const cluster = config.getCurrentCluster()
  // A plain http server (kubectl proxy) takes no credentials.
  if (cluster?.server.startsWith('http:')) return { headers: {}, tls: {} }
  try {
    await config.applyToHTTPSOptions(options)
  } catch (error) {
    const plugin = config.getCurrentUser()?.exec?.command
    const who =
      plugin === undefined ? 'cannot read the credentials' : `${plugin} returned no credentials`
    throw new Error(`${who}: ${(error as Error).message || 'no error message'}`)
  }
  const headers = recordOf<string>()
  for (const [name, value] of Object.entries(options.headers ?? {}))
    if (value !== undefined) headers[name.toLowerCase()] = String(value)
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`
  const { ca, cert, key, servername, rejectUnauthorized } = options
  const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized })
  return {
    headers,
    tls: Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null)),
  }
}
