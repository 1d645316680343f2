import { type Clock, type Fetch, type KubeClient, kubeClient, machineClock } from '@landfall/kube'
import { Agent, fetch } from 'undici'
import { inject } from 'vitest'
import type { Json } from '../namespace.ts'

/** How the tests of a run reach the API that api/setup.ts started. */
export interface ProvidedApi {
  server: string
  authority?: string
  token?: string
  /** Nothing acts on its objects: no controller, no scheduler, no kubelet. */
  bare: boolean
}

declare module 'vitest' {
  interface ProvidedContext {
    api: ProvidedApi
  }
}

/** The Kubernetes API that a test uses. */
export interface TestApi {
  /** With the rights of an administrator. */
  client: KubeClient
  /** A client of another user, who has no rights but those that the test gives. */
  clientAs(user: string): KubeClient
  /** A client whose requests pass through a function: a network that loses some. */
  clientOver(change: (fetch: Fetch) => Fetch): KubeClient
  /** Any request, with JSON in and out; throws an Error on a status of 400 or more. */
  send(method: string, path: string, body?: object, contentType?: string): Promise<Json>
  /** See {@link ProvidedApi}: then tests write the status of the objects themselves. */
  bare: boolean
}

/** The API that all API tests of one run share. */
export function sharedApi(): TestApi {
  return connectTestApi(inject('api'))
}

/** Makes the clients of an API. `clock` is that of their pauses. */
export function connectTestApi(
  { server, authority, token, bare }: ProvidedApi,
  clock: Clock = machineClock,
): TestApi {
  const dispatcher = new Agent(authority === undefined ? {} : { connect: { ca: authority } })
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  const reach: Parameters<typeof kubeClient>[0]['fetch'] = (url, init) =>
    fetch(url, { ...init, dispatcher })
  return {
    client: kubeClient({ fetch: reach, server, headers, clock }),
    clientAs: (user) =>
      kubeClient({
        fetch: reach,
        server,
        headers: { ...headers, 'impersonate-user': user },
        clock,
      }),
    clientOver: (change) => kubeClient({ fetch: change(reach), server, headers, clock }),
    async send(method, path, body, contentType = 'application/json') {
      const answer = await fetch(`${server}${path}`, {
        method,
        dispatcher,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': contentType }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return JSON.parse(text)
    },
    bare,
  }
}
