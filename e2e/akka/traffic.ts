import { type IncomingMessage, request } from 'node:http'

/** What became of the requests of one step. */
export interface Step {
  name: string
  sent: number
  /** That requests were sent from. */
  ports: Set<number | undefined>
  /** Requests without an answer, or with an answer of 500 or more, by what went wrong. */
  lost: Map<string, Loss[]>
}

interface Loss {
  /** When it was sent, in seconds since the step began. */
  at: number
  /** The port that it was sent from, if it was sent. */
  port: number | undefined
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
    let port: number | undefined
    const sent = once(`${address}/post`, body, (from) => {
      port = from
      step.ports.add(from)
    })
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
    return `${times.length} ${problem} (sent after ${first} to ${last} s)`
  })
  return `${name}: ${sent} sent, ${all.length === 0 ? '0' : all.join(', ')} lost`
}

function stepOf(name: string): Step {
  return { name, sent: 0, ports: new Set(), lost: new Map() }
}

/** Ports that lost requests of a step were sent from. */
export function portsOf({ lost }: Step): (number | undefined)[] {
  return [...lost.values()].flat().map(({ port }) => port)
}

function once(
  url: string,
  body: string | undefined,
  onSent: (port: number | undefined) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sending = request(
      url,
      { method: body === undefined ? 'GET' : 'POST', headers, agent: false, timeout: PATIENCE_MS },
      (answer: IncomingMessage) => {
        answer.resume()
        answer.on('error', reject)
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    // connect() has chosen the port when it returns
    sending.on('socket', (socket) =>
      setImmediate(() => onSent((socket.address() as { port?: number }).port)),
    )
    sending.on('timeout', () => sending.destroy(new Error('no answer')))
    sending.on('error', reject)
    sending.end(body)
  })
}
