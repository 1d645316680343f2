import { Agent, request } from 'node:https'

/** The little of the Kubernetes API that assembling a cluster needs. */
export interface ApiClient {
  /** Resolves with the parsed answer (or its text, where it is no JSON); throws an Error on a status other than 2xx. */
  get(path: string): Promise<unknown>
  /** Server-side apply of one object under the field manager `landfall-cluster`. */
  apply(path: string, object: object): Promise<void>
  close(): void
}

export function apiClient(
  server: string,
  credentials: { authority: Buffer; certificate: Buffer; key: Buffer },
): ApiClient {
  const agent = new Agent({
    keepAlive: true,
    ca: credentials.authority,
    cert: credentials.certificate,
    key: credentials.key,
  })
  const call = (method: string, path: string, body?: object) =>
    new Promise<unknown>((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }
      const sent = request(
        `${server}${path}`,
        { method, agent, headers, timeout: 10_000 },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk: string) => {
            text += chunk
          })
          answer.on('error', reject)
          answer.on('end', () => {
            const status = answer.statusCode ?? 0
            if (status < 200 || status > 299)
              reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`))
            else resolve(text.startsWith('{') ? JSON.parse(text) : text)
          })
        },
      )
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in 10 s`)))
      sent.on('error', reject)
      sent.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    get: (path) => call('GET', path),
    apply: async (path, object) => {
      await call('PATCH', `${path}?fieldManager=landfall-cluster&force=true`, object)
    },
    close: () => agent.destroy(),
  }
}
