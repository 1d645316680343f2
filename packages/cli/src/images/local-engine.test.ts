import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AskImage } from '@landfall/image'
import { expect, test } from 'vitest'
import { engineSockets, orLocalEngine } from './local-engine.ts'

test('a socket that is named is the only one, and another machine is none', () => {
  expect(engineSockets({ DOCKER_HOST: 'unix:///a/b.sock' })).toEqual(['/a/b.sock'])
  expect(engineSockets({ DOCKER_HOST: 'tcp://10.0.0.1:2375' })).toEqual([])
  expect(engineSockets({ DOCKER_HOST: 'ssh://me@far' })).toEqual([])
  expect(engineSockets({ CONTAINER_HOST: 'unix:///p.sock' })).toEqual(['/p.sock'])
})

test('without a name, the places of Docker, its relatives and Podman', () => {
  const sockets = engineSockets({ HOME: '/home/me' }, 1000)
  expect(sockets[0]).toBe('/var/run/docker.sock')
  expect(sockets).toContain('/home/me/.colima/default/docker.sock')
  expect(sockets).toContain('/run/user/1000/podman/podman.sock')
})

test('the engine is asked for what the registries do not have', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-socket-'))
  const socket = join(directory, 'docker.sock')
  const server = createServer(({ url = '' }, response) => {
    response.statusCode = url.startsWith('/images/mine') ? 200 : 404
    response.end(JSON.stringify({ Config: { User: '7' } }))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const registries: AskImage = async ({ image }) =>
    image === 'redis' ? { ok: true, facts: { user: '1' } } : { ok: false, problem: 'not found' }
  const ask = orLocalEngine(registries, { DOCKER_HOST: `unix://${socket}` }, 60_000)
  try {
    expect(await ask({ image: 'redis' })).toEqual({ ok: true, facts: { user: '1' } })
    expect(await ask({ image: 'mine' })).toEqual({ ok: true, local: true, facts: { user: '7' } })
    // what the registry answered is of more use than that of an engine without the image
    expect(await ask({ image: 'other' })).toEqual({ ok: false, problem: 'not found' })
  } finally {
    server.close()
    rmSync(directory, { recursive: true, force: true })
  }
})

test('where no socket is there, only registries are asked', async () => {
  const registries: AskImage = async () => ({ ok: false, problem: 'not found' })
  expect(orLocalEngine(registries, { DOCKER_HOST: 'unix:///nowhere.sock' })).toBe(registries)
})
