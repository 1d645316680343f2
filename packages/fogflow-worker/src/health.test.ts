import { expect, test } from 'vitest'
import { answer, type Health } from './health.ts'

const health = (problems: string[]): Health => ({
  problems: () => problems,
  counts: () => ({ running: 2, starting: 0, paused: 1, waiting: 0, failed: 0, removing: 0 }),
  capacity: 8,
  isConnected: () => problems.length === 0,
})

test('a worker that is deaf is alive and not ready', () => {
  const deaf = health(['no messages arrive from RabbitMQ'])
  expect(answer(deaf, '/healthz')).toEqual({ status: 200, text: 'ok\n' })
  expect(answer(deaf, '/readyz')).toEqual({
    status: 503,
    text: 'no messages arrive from RabbitMQ\n',
  })
  expect(answer(health([]), '/readyz').status).toBe(200)
  expect(answer(deaf, '/other').status).toBe(404)
})

test('tasks by state are metrics', () => {
  const { text } = answer(health([]), '/metrics')
  expect(text).toContain('\nfogflow_worker_tasks{state="running"} 2\n')
  expect(text).toContain('\nfogflow_worker_tasks{state="paused"} 1\n')
  expect(text).toContain('\nfogflow_worker_capacity 8\n')
  expect(text).toContain('\nfogflow_worker_connected 1\n')
})
