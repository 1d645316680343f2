import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** How a file is served, other than as it is. */
type Fault =
  | { kind: 'status'; status: number }
  /** The connection is cut after so many bytes, so many times. */
  | { kind: 'cut'; after: number; times: number }
  /** A byte at a time. */
  | { kind: 'drip'; everyMs: number }
  | { kind: 'redirect'; to: string }
  /** The first bytes, and then nothing, while the connection stays open. */
  | { kind: 'hang'; after: number }

export interface ReleaseServer {
  url: string
  /** Contents by path, which starts with a slash. */
  files: Map<string, Buffer>
  faults: Map<string, Fault>
  /** The requests so far: method, path and Range. */
  requests: string[]
  /** Bytes of bodies sent so far. */
  sent(): number
  close(): Promise<void>
}

/** An HTTP server in the place of the release hosts, on a free port of 127.0.0.1: ETag, Range, If-Range, and faults. */
export async function startReleaseServer(): Promise<ReleaseServer> {
  const files = new Map<string, Buffer>()
  const faults = new Map<string, Fault>()
  const requests: string[] = []
  let sent = 0
  const server = createServer((request, response) => {
    // A proxy is sent the whole address.
    const path = new URL(request.url ?? '', 'http://any').pathname
    requests.push(`${request.method} ${path} ${request.headers.range ?? ''}`.trimEnd())
    const content = files.get(path)
    const fault = faults.get(path)
    if (fault?.kind === 'redirect') return response.writeHead(302, { location: fault.to }).end()
    if (fault?.kind === 'status') return response.writeHead(fault.status).end()
    if (content === undefined) return response.writeHead(404).end()
    const body = begin(request, response, content)
    if (request.method === 'HEAD') return response.end()
    if (fault === undefined) {
      sent += body.length
      return response.end(body)
    }
    return misbehave(response, body, fault)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    faults,
    requests,
    sent: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Writes the head of the answer, and returns what its body is. */
function begin(request: IncomingMessage, response: ServerResponse, content: Buffer): Buffer {
  const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
  const body = content.subarray(Number(from ?? 0))
  if (from === undefined || request.headers['if-range'] !== etag) {
    response.writeHead(200, { etag, 'content-length': content.length })
    return content
  }
  const range = `bytes ${from}-${content.length - 1}/${content.length}`
  response.writeHead(206, { etag, 'content-length': body.length, 'content-range': range })
  return body
}

function misbehave(response: ServerResponse, body: Buffer, fault: Fault): void {
  if (fault.kind === 'cut' && fault.times > 0) {
    fault.times -= 1
    response.write(body.subarray(0, fault.after), () => response.destroy())
  } else if (fault.kind === 'hang') response.write(body.subarray(0, fault.after))
  else if (fault.kind === 'drip') {
    let at = 0
    const timer = setInterval(() => response.write(body.subarray(at, ++at)), fault.everyMs)
    response.on('close', () => clearInterval(timer))
  } else response.end(body)
}

/** A file that begins as a Linux program for a kind of processor does. */
export function program(machine: 'amd64' | 'arm64', size: number, seed = 1): Buffer {
  const content = Buffer.alloc(size, seed)
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(content)
  content.writeUInt16LE(machine === 'amd64' ? 62 : 183, 18)
  return content
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
