import { loadProject, memoryFiles } from '@landfall/compose'
import type { AskImage, ImageFacts, ImageQuestion } from '@landfall/image'
import { expect, test } from 'vitest'
import { learnImages } from './learn-images.ts'

const redis: ImageFacts = { digest: 'sha256:1', ports: ['6379/tcp'] }

/** Learns about a project; `known` answers for the images that it names, and whoever asks is remembered. */
async function learn(
  compose: string,
  {
    files: more = {},
    lock = {},
    known,
    refresh = false,
  }: {
    files?: Record<string, string>
    lock?: Record<string, ImageFacts>
    known?: Record<string, ImageFacts>
    refresh?: boolean
  } = {},
) {
  const files = memoryFiles({ '/p/compose.yaml': compose, ...more })
  const { project } = loadProject({ files, workingDirectory: '/p', environment: {} })
  if (project === undefined) throw new Error('the project cannot be loaded')
  const asked: ImageQuestion[] = []
  const ask: AskImage = async (question) => {
    asked.push(question)
    const facts = known?.[question.image]
    return facts === undefined ? { ok: false, problem: 'x.io is away' } : { ok: true, facts }
  }
  const result = await learnImages({
    project,
    files,
    lock: new Map(Object.entries(lock)),
    refresh,
    ...(known && { ask }),
  })
  return { ...result, asked }
}

const two = 'services: { a: { image: "redis:7" }, b: { image: "redis:7" }, c: { image: other } }'

test('an image is asked for once, and not at all when the lock file knows it', async () => {
  const { asked, images, lock, learnt, diagnostics } = await learn(two, {
    lock: { other: {} },
    known: { 'redis:7': redis },
  })
  expect(asked).toEqual([{ image: 'redis:7' }])
  expect([images.get('a'), images.get('b')]).toEqual([{ facts: redis }, { facts: redis }])
  expect(images.get('c')).toEqual({ facts: {} })
  expect([...lock]).toEqual([
    ['other', {}],
    ['redis:7', redis],
  ])
  expect({ learnt, diagnostics }).toEqual({ learnt: ['redis:7'], diagnostics: [] })
})

test('what cannot be read is told once for all images, and conversion goes on without it', async () => {
  const { images, learnt, diagnostics } = await learn(two, { known: {} })
  expect(images.get('a')).toMatchObject({ unknown: 'x.io is away' })
  expect(images.get('c')).toEqual({ facts: {}, unknown: 'x.io is away' })
  expect(learnt).toEqual([])
  expect(diagnostics).toMatchObject([
    {
      severity: 'note',
      message: expect.stringContaining('for images other, redis:7: x.io is away'),
    },
  ])
})

test('with nobody to ask, the lock file is all there is', async () => {
  const { images } = await learn(two, { lock: { 'redis:7': redis } })
  expect(images.get('a')).toEqual({ facts: redis })
  expect(images.get('c')).toEqual({ facts: {}, unknown: 'not in landfall.lock' })
})

test('what this machine alone has is used, and not kept in the lock', async () => {
  const files = memoryFiles({ '/p/compose.yaml': 'services: { a: { image: mine } }' })
  const { project } = loadProject({ files, workingDirectory: '/p', environment: {} })
  if (project === undefined) throw new Error('the project cannot be loaded')
  const ask: AskImage = async () => ({ ok: true, facts: redis, local: true })
  const learnt = await learnImages({ project, files, lock: new Map(), ask })
  expect(learnt.images.get('a')).toEqual({ facts: redis })
  expect([...learnt.lock]).toEqual([])
  expect(learnt.learnt).toEqual([])
})

test('a refresh asks for all, and keeps what cannot be read now', async () => {
  const { asked, lock, learnt, images } = await learn(two, {
    lock: { 'redis:7': redis, other: { user: 'app' } },
    known: { 'redis:7': { ...redis, digest: 'sha256:2' } },
    refresh: true,
  })
  expect(asked.map(({ image }) => image)).toEqual(['other', 'redis:7'])
  expect(lock.get('redis:7')?.digest).toBe('sha256:2')
  expect(images.get('c')).toEqual({ facts: { user: 'app' } })
  expect(learnt).toEqual(['redis:7'])
})

test.each([
  ['user: app', true],
  ['user: "1000:app"', true],
  ['group_add: [docker]', true],
  ['user: "1000:1000"', undefined],
  ['user: root', undefined],
  ['group_add: ["7"]', undefined],
])('%s: the users of the image are asked for: %s', async (key, accounts) => {
  const compose = `services:\n  a:\n    image: redis:7\n    ${key}\n`
  const { asked, images } = await learn(compose, { lock: { 'redis:7': redis }, known: {} })
  expect(asked).toEqual(accounts ? [{ image: 'redis:7', accounts }] : [])
  expect(images.get('a')).toEqual({ facts: redis, ...(accounts && { unknown: 'x.io is away' }) })
})

test('a further context stands for the base of a build', async () => {
  const compose = `
services:
  a: { build: { context: ., additional_contexts: { base: "docker-image://redis:7" } } }
  b: { build: { context: ., additional_contexts: { base: ./other } } }`
  const files = { '/p/Dockerfile': 'FROM base\nEXPOSE 80' }
  const { images } = await learn(compose, { files, known: { 'redis:7': redis } })
  expect(images.get('a')).toEqual({ facts: { ports: ['80/tcp', '6379/tcp'] } })
  expect(images.get('b')?.unknown).toContain('no base image')
})

test('a service that is built has what its Dockerfile and its base say', async () => {
  const compose = `
services:
  a: { build: { context: app, args: { BASE: "redis:7" }, target: run } }
  b: { build: { context: app, dockerfile: other } }
  c: { build: { context: app, dockerfile_inline: "FROM scratch\\nUSER 7" } }
  d: { build: { context: app, dockerfile: missing } }`
  const files = {
    '/p/app/Dockerfile': 'ARG BASE\nFROM $BASE AS run\nEXPOSE 80\nFROM nowhere',
    '/p/app/other': 'FROM private/base\nVOLUME /x',
  }
  const { asked, images } = await learn(compose, { files, known: { 'redis:7': redis } })
  expect(asked.map(({ image }) => image)).toEqual(['private/base', 'redis:7'])
  expect(images.get('a')).toEqual({ facts: { ports: ['80/tcp', '6379/tcp'] } })
  expect(images.get('b')).toEqual({
    facts: { volumes: ['/x'] },
    unknown: 'of private/base: x.io is away',
  })
  expect(images.get('c')).toEqual({ facts: { user: '7' } })
  expect(images.get('d')).toEqual({ facts: {}, unknown: 'Dockerfile cannot be read' })
})

test('a well-known image that cannot be read has facts of the table, which are asked for again', async () => {
  const compose = 'services: { a: { image: "redis:7-alpine", user: redis } }'
  const first = await learn(compose, { known: {} })
  const facts = first.images.get('a')
  expect(facts).toMatchObject({ from: 'table', unknown: 'x.io is away' })
  expect(facts?.facts).toMatchObject({ from: 'table', volumes: ['/data'] })
  expect(facts?.facts.accounts?.users.redis).toEqual({ uid: 999, gid: 1000 })
  expect(first.learnt).toEqual([])
  const lock = Object.fromEntries(first.lock)
  const read = { ...redis, accounts: { users: { redis: { uid: 7, gid: 7 } }, groups: {} } }
  const second = await learn(compose, { lock, known: { 'redis:7-alpine': read } })
  expect(second.images.get('a')).toEqual({ facts: read })
  expect(second.learnt).toEqual(['redis:7-alpine'])
})
