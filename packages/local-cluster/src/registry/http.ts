import { type IncomingHttpHeaders, request } from 'node:http'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

export interface RegistryRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  url: string
  headers?: Record<string, string | number>
  body?: Buffer | Readable
}

export interface RegistryAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** One plain http request, its body streamed. Rejects with the system's error when nothing answers. */
export async function ask({
  method,
  url,
  headers,
  body,
}: RegistryRequest): Promise<RegistryAnswer> {
  const sent = request(url, { method, headers: headers ?? {} })
  const answered = new Promise<RegistryAnswer>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (response) => {
      buffer(response).then(
        (content) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: content,
          }),
        reject,
      )
    })
  })
  if (body === undefined || Buffer.isBuffer(body)) {
    sent.end(body)
    return answered
  }
  const sending = pipeline(body, sent).catch((error: Error) => sent.destroy(error))
  const [answer] = await Promise.all([answered, sending])
  return answer
}

/** The answer, if its status is one of those; throws an Error with what the registry said otherwise. */
export function expectStatus(
  answer: RegistryAnswer,
  { method, url }: RegistryRequest,
  ...statuses: number[]
): RegistryAnswer {
  if (statuses.includes(answer.status)) return answer
  const said = answer.body.toString().trim().slice(0, 300)
  throw new Error(`${method} ${url}: ${answer.status}${said === '' ? '' : `: ${said}`}`)
}
