import { expect, test } from 'vitest'
import type { Fetch } from './fetch.ts'
import { registryAnswers } from './reachable.ts'

const answering =
  (status: number, asked: string[] = []): Fetch =>
  async (url) => {
    asked.push(String(url))
    return new Response('{}', { status })
  }

test('a registry that requires a login answers', async () => {
  const asked: string[] = []
  expect(await registryAnswers('docker.io', answering(401, asked))).toBe(true)
  expect(asked).toEqual(['https://registry-1.docker.io/v2/'])
})

test('a page of a proxy is no registry', async () => {
  expect(await registryAnswers('ghcr.io', answering(403))).toBe(false)
})

test('a name that does not resolve does not answer', async () => {
  const refuse: Fetch = async () => {
    throw new TypeError('fetch failed')
  }
  expect(await registryAnswers('ghcr.io', refuse)).toBe(false)
})
