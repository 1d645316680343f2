import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { connects } from './connects.ts'

test('an address that listens accepts a connection, and none when it does not listen any more', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  expect(await connects(`http://127.0.0.1:${port}/`)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  expect(await connects(`http://127.0.0.1:${port}/`)).toBe(false)
  expect(await connects('http://name.invalid:8080')).toBe(false)
})
