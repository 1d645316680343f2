import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Subscription {
  entity: { type: string; id: string; isPattern?: boolean }
  attributes: string[]
  reference: string
  correlator: string
}

/** A scripted NGSI broker: what FogFlow's answers, as far as a worker asks. */
export interface ScriptedBroker {
  /** `http://127.0.0.1:…/ngsi10` */
  port: number
  /** By id. */
  subscriptions: Map<string, Subscription>
  /** By id of the entity: what was updated last. */
  entities: Map<string, { type: string; domainMetadata?: { name: string; value: unknown }[] }>
  /** Ids of entities in the order of their deletion. */
  deleted: string[]
  /** How often the subscriptions were listed. */
  listed: number
  close(): void
}

export async function scriptedBroker(): Promise<ScriptedBroker> {
  let count = 0
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const bytes of request) text += bytes
    const say = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const path = `${request.method} ${request.url}`
    if (path === 'GET /ngsi10/subscription') {
      broker.listed++
      return say(200, Object.fromEntries(broker.subscriptions))
    }
    const body = JSON.parse(text)
    if (path === 'POST /ngsi10/subscribeContext') {
      const subscriptionId = `s${++count}`
      broker.subscriptions.set(subscriptionId, {
        entity: body.entities[0],
        attributes: body.attributes,
        reference: body.reference,
        correlator: String(request.headers['fiware-correlator']),
      })
      return say(200, { subscribeResponse: { subscriptionId } })
    }
    if (path === 'POST /ngsi10/unsubscribeContext')
      return say(broker.subscriptions.delete(body.subscriptionId) ? 200 : 404, {})
    if (path === 'POST /ngsi10/updateContext') {
      for (const { entityId, ...rest } of body.contextElements) {
        if (body.updateAction === 'DELETE') {
          broker.entities.delete(entityId.id)
          broker.deleted.push(entityId.id)
        } else broker.entities.set(entityId.id, { type: entityId.type, ...rest })
      }
      return say(200, {})
    }
    say(404, {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const broker: ScriptedBroker = {
    port: (server.address() as AddressInfo).port,
    subscriptions: new Map(),
    entities: new Map(),
    deleted: [],
    listed: 0,
    close: () => void server.close().closeAllConnections(),
  }
  return broker
}
