import type { Fetch } from '@landfall/kube'
import type { Input, Output } from './protocol/task.ts'

/** An NGSI v1 broker, as far as a worker uses it. All functions throw an Error when it does not answer, or refuses. */
export interface Broker {
  /** Gives the id of the subscription. */
  subscribe(taskId: string, input: Input, reference: string): Promise<string>
  /** A subscription that is gone is no error. */
  unsubscribe(id: string): Promise<void>
  /** Deletes an entity; one that is gone is no error. */
  remove(entity: Output): Promise<void>
  /** Registers an entity that has metadata alone. */
  update(entity: Output, metadata: readonly Metadata[]): Promise<void>
  /** The references of all subscriptions, by id; undefined if the broker does not list them. */
  subscriptions(): Promise<ReadonlyMap<string, string> | undefined>
}

export interface Metadata {
  name: string
  type: string
  value: unknown
}

const ANSWER_MS = 10_000

/** The broker at a URL that ends with `/ngsi10`. */
export function brokerAt(url: string, fetch: Fetch): Broker {
  const send = async (method: string, path: string, body?: object, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: 'manual',
    })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true })
    return { status: response.status, text }
  }
  const post = async (path: string, body: object, headers?: object): Promise<string> => {
    const { status, text } = await send('POST', path, body, headers)
    if (status >= 300) throw new Error(`${url}${path} answers ${status}: ${text.slice(0, 200)}`)
    return text
  }
  const updateContext = (entity: Output, more: object, action: 'UPDATE' | 'DELETE') =>
    post('/updateContext', {
      contextElements: [
        { entityId: { id: entity.id, type: entity.type, isPattern: false }, ...more },
      ],
      updateAction: action,
    })
  return {
    async subscribe(taskId, { type, id, attributes }, reference) {
      const text = await post(
        '/subscribeContext',
        {
          entities: [id === '' ? { type, isPattern: true, id } : { type, id }],
          attributes,
          reference,
          restriction: {},
        },
        { 'Fiware-Correlator': taskId, 'Require-Reliability': 'true' },
      )
      const subscriptionId = (parsed(text) as { subscribeResponse?: { subscriptionId?: unknown } })
        ?.subscribeResponse?.subscriptionId
      if (typeof subscriptionId !== 'string' || subscriptionId === '')
        throw new Error(`${url}/subscribeContext answers without an id: ${text.slice(0, 200)}`)
      return subscriptionId
    },
    async unsubscribe(subscriptionId) {
      await gone(post('/unsubscribeContext', { subscriptionId }))
    },
    async remove(entity) {
      await gone(updateContext(entity, {}, 'DELETE'))
    },
    async update(entity, metadata) {
      await updateContext(entity, { attributes: [], domainMetadata: metadata }, 'UPDATE')
    },
    async subscriptions() {
      const { status, text } = await send('GET', '/subscription')
      const json = parsed(text)
      if (status !== 200 || typeof json !== 'object' || json === null || Array.isArray(json))
        return undefined
      const references = Object.entries(json).map(([id, one]): [string, string] => [
        id,
        String((one as { reference?: unknown } | null)?.reference ?? ''),
      ])
      return new Map(references)
    },
  }
}

/** What is not there need not be removed. */
async function gone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (!/ answers 4\d\d:/.test((error as Error).message)) throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
