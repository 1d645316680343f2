import { type KubeClient, kubeClient } from '@landfall/kube'

/** The API server of a cluster, with the rights of a user; `close` ends the connections. */
export interface Api {
  client: KubeClient
  /** Resolves when the API server is ready; throws an Error with its answer, or why there was none. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds for one request. */
const PATIENCE = 10_000

/** What a server is trusted by, and what it trusts its user by. */
export type ApiCredentials = { authority: Buffer | string } & (
  | { certificate: Buffer; key: Buffer }
  | { token: string }
)

/** Makes the client of an API server (`https://10.0.0.1:6443`); nothing is sent yet. */
export async function connectApi(server: string, credentials: ApiCredentials): Promise<Api> {
  // Loaded here: every command that knows local clusters loads this file, and few talk to one.
  const { Agent, fetch } = await import('undici')
  const dispatcher = new Agent({
    connect: {
      ca: credentials.authority,
      ...('token' in credentials ? {} : { cert: credentials.certificate, key: credentials.key }),
    },
  })
  const headers: Record<string, string> =
    'token' in credentials ? { authorization: `Bearer ${credentials.token}` } : {}
  const send = (url: string, init: Parameters<typeof fetch>[1] = {}) =>
    fetch(url, { ...init, dispatcher, signal: init.signal ?? AbortSignal.timeout(PATIENCE) })
  return {
    client: kubeClient({ fetch: send, server, headers, fieldManager: 'landfall-cluster' }),
    async ready() {
      const answer = await send(`${server}/readyz`, { headers })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`GET /readyz: ${answer.status} ${text.slice(0, 500)}`)
    },
    close: () => dispatcher.destroy(),
  }
}
