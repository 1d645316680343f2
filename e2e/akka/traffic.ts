import { type IncomingMessage, request } from 'node:http'

/** What became of the requests of one step. */
export interface Step {
  name: string
  sent: number
  /** Requests without an answer, or with an answer of 500 or more, by what went wrong. */
  lost: Map<string, Loss[]>
}

interface Loss {
  /** When it was sent, in seconds since the step began. */
  at: number
  /** The port that it was sent from. */
  port: number
}

export interface Traffic {
  /** From now on requests belong to this step. */
  step(name: string): void
  /** Sends no more requests, waits for the answers, and gives the steps. */
  end(): Promise<Step[]>
}

const EVERY_MS = 5
const PATIENCE_MS = 30_000
/** More are not in flight at once: a machine that is busy sends fewer. */
const MOST = 50
/**
 * Ports outside of the range from which the kernel takes its own (net.ipv4.ip_local_port_range), in turn, so many that each is used once in 100 s.
 * The kernel of the node that is asked keeps a connection that a lost pod has not answered or not closed for up to two minutes
 * (nf_conntrack_tcp_timeout_syn_sent, …_fin_wait): a new one from the same port belongs to it, and is sent to that pod.
 */
const PORTS = { first: 10_000, count: 20_000 }
let lastPort = PORTS.first

function nextPort(): number {
  lastPort = PORTS.first + ((lastPort - PORTS.first + 1) % PORTS.count)
  return lastPort
}

/** Requests a page and posts in turn, each over a connection of its own, until it is ended. */
export function traffic(address: string): Traffic {
  const steps: Step[] = []
  const running = new Set<Promise<void>>()
  let current = stepOf('before')
  let begun = performance.now()
  steps.push(current)
  let number = 0
  const timer = setInterval(() => {
    if (running.size >= MOST) return
    const step = current
    const at = (performance.now() - begun) / 1000
    step.sent++
    const body = number++ % 2 === 0 ? undefined : `title=t${number}&content=${step.name}`
    let port = nextPort()
    const send = (): Promise<number> =>
      once(`${address}/post`, body, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        port = nextPort()
        return send()
      })
    const sent = send()
      .then(
        (status) => (status < 500 ? undefined : `status ${status}`),
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      .then((problem) => {
        running.delete(sent)
        if (problem !== undefined)
          step.lost.set(problem, [...(step.lost.get(problem) ?? []), { at, port }])
      })
    running.add(sent)
  }, EVERY_MS)
  return {
    step(name) {
      current = stepOf(name)
      begun = performance.now()
      steps.push(current)
    },
    async end() {
      clearInterval(timer)
      await Promise.all(running)
      return steps
    },
  }
}

/** `image update: 2412 sent, 3 ECONNRESET (sent after 1.2 to 1.3 s) lost` */
export function inWords({ name, sent, lost }: Step): string {
  const all = [...lost].map(([problem, losses]) => {
    const times = losses.map(({ at }) => at)
    const [first, last] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(1))
    const from = losses.length > 5 ? '' : `, from port ${losses.map(({ port }) => port).join(', ')}`
    return `${times.length} ${problem} (sent after ${first} to ${last} s${from})`
  })
  return `${name}: ${sent} sent, ${all.length === 0 ? '0' : all.join(', ')} lost`
}

function stepOf(name: string): Step {
  return { name, sent: 0, lost: new Map() }
}

function once(url: string, body: string | undefined, localPort: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const method = body === undefined ? 'GET' : 'POST'
    const sending = request(
      url,
      { method, headers, localPort, agent: false, timeout: PATIENCE_MS },
      (answer: IncomingMessage) => {
        answer.resume()
        answer.on('error', reject)
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sending.on('timeout', () => sending.destroy(new Error('no answer')))
    sending.on('error', reject)
    sending.end(body)
  })
}
