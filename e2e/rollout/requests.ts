import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** What a loop of requests got. */
export interface Answers {
  /** How often each page was the answer. */
  pages: Map<string, number>
  /** Requests without an answer, each with its error. */
  lost: string[]
  /** The longest time between two answers with a page, in milliseconds. */
  longestGap(page: string): number
}

/** Requests a page all the time, each on a connection of its own, until it is ended. */
export function requestLoop(address: string): { end(): Promise<Answers> } {
  const pages = new Map<string, number>()
  const times = new Map<string, number[]>()
  const lost: string[] = []
  let over = false
  const running = (async () => {
    while (!over) {
      try {
        const page = await pageAt(address)
        pages.set(page, (pages.get(page) ?? 0) + 1)
        times.set(page, [...(times.get(page) ?? []), Date.now()])
      } catch (error) {
        lost.push(`${new Date().toISOString()} ${(error as Error).message}`)
      }
      await pause(5)
    }
  })()
  return {
    async end() {
      over = true
      await running
      return { pages, lost, longestGap: (page) => longestGap(times.get(page) ?? []) }
    },
  }
}

function pageAt(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent: false, timeout: 10_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text.trim())
          : reject(new Error(`status ${response.statusCode}`)),
      )
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')))
    request.on('error', reject)
  })
}

function longestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] as number)))
}
