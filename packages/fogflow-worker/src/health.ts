import { createServer, type Server } from 'node:http'
import type { TaskState } from './tasks/state.ts'

/** What is asked of a worker from outside. */
export interface Health {
  /** Why it does not do its work, if it does not. */
  problems(): string[]
  counts(): Record<TaskState, number>
  capacity: number
  isConnected(): boolean
}

/** Serves `/healthz`, `/readyz` and `/metrics`. Fulfilled when the port is open. */
export function serveHealth(health: Health, port: number): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { status, text } = answer(health, url.split('?')[0] ?? '/')
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => resolve(server))
  })
}

/** What is answered for a path. */
export function answer(health: Health, path: string): { status: number; text: string } {
  if (path === '/healthz') return { status: 200, text: 'ok\n' }
  if (path === '/metrics') return { status: 200, text: metrics(health) }
  if (path !== '/readyz') return { status: 404, text: 'not found\n' }
  const problems = health.problems()
  return problems.length === 0
    ? { status: 200, text: 'ok\n' }
    : { status: 503, text: `${problems.join('\n')}\n` }
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
function metrics({ counts, capacity, isConnected }: Health): string {
  const gauge = (name: string, help: string, values: readonly string[]): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...values.map((value) => `${name}${value}`),
  ]
  return [
    ...gauge(
      'fogflow_worker_tasks',
      'Tasks of the worker by state.',
      Object.entries(counts()).map(([state, count]) => `{state="${state}"} ${count}`),
    ),
    ...gauge('fogflow_worker_capacity', 'Tasks that may run at once.', [` ${capacity}`]),
    ...gauge('fogflow_worker_connected', 'Whether messages of the master arrive.', [
      ` ${isConnected() ? 1 : 0}`,
    ]),
    '',
  ].join('\n')
}
