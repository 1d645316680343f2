import { eventually } from './eventually.ts'
import type { Json } from './namespace.ts'

/** The address that `landfall up` printed; throws when there is none. */
export function addressIn(stdout: string): string {
  const address = /https?:\/\/[^\s]+/.exec(stdout)?.[0]
  if (address === undefined) throw new Error(`no address in:\n${stdout}`)
  return address.replace(/\/$/, '')
}

/** Requests JSON; any status is an answer, an answer that is not JSON or no answer within 5 s throws. */
export async function askJson(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Json }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000), ...init })
  return { status: response.status, body: await response.json() }
}

/** Places an order in examples/shop and gives its id; tries again while the shop cannot take it. */
export async function placeOrder(shop: string, product: string, quantity: number): Promise<string> {
  return eventually(60_000, async () => {
    const { status, body } = await askJson(`${shop}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ product, quantity }),
    })
    if (status !== 201 && status !== 202)
      throw new Error(`POST /api/orders answered ${status} ${JSON.stringify(body)}`)
    return String(body.id)
  })
}

/** Waits until an order that went through the queue is found in the database. */
export async function findOrder(shop: string, id: string, within = 60_000): Promise<Json> {
  return eventually(within, async () => {
    const { status, body } = await askJson(`${shop}/api/orders/${id}`)
    if (status !== 200) throw new Error(`GET /api/orders/${id} answered ${status}`)
    return body
  })
}
