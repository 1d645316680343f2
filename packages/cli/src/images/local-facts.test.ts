import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AskImage, ImageQuestion } from '@landfall/image'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askLocal } from './local-facts.ts'

const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { User: 'app' } })
const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`
const mediaType = 'application/vnd.oci.image.manifest.v1+json'
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType,
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest,
    size: config.length,
  },
  layers: [],
})

let server: Server
let address = ''

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const held = /^\/v2\/library\/held\/(manifests\/1|blobs\/.*)$/.exec(url)
    if (held === null) response.writeHead(404).end()
    else if (held[1] === 'manifests/1') response.setHeader('content-type', mediaType).end(manifest)
    else response.end(config)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

const source = (from: 'package' | 'registry' | 'upstream') => ({
  image: 'held:1',
  from,
  detail: '',
})

test.each(['package', 'registry'] as const)(
  'an image from a %s of the cluster is read there, and no other registry is asked',
  async (from) => {
    const asked: ImageQuestion[] = []
    const otherwise: AskImage = async (question) => {
      asked.push(question)
      return { ok: false, problem: 'away' }
    }
    const nowhere = '127.0.0.1:9'
    const cluster =
      from === 'package'
        ? { registry: nowhere, packageRegistry: address }
        : { registry: address, packageRegistry: nowhere }
    const ofCluster = new Set<string>()
    const ask = askLocal(cluster, [source(from)], ofCluster, { otherwise })
    expect(await ask({ image: 'held:1' })).toMatchObject({ ok: true, facts: { user: 'app' } })
    expect({ asked, ofCluster }).toEqual({ asked: [], ofCluster: new Set(['held:1']) })
  },
)

test('an image that nodes pull from its own registry is read there', async () => {
  const otherwise: AskImage = async () => ({ ok: true, facts: { user: 'upstream' } })
  const ofCluster = new Set<string>()
  const cluster = { registry: address, packageRegistry: address }
  const ask = askLocal(cluster, [source('upstream')], ofCluster, { otherwise })
  expect(await ask({ image: 'held:1' })).toEqual({ ok: true, facts: { user: 'upstream' } })
  expect(ofCluster.size).toBe(0)
})

test('with --offline an image that the cluster does not have is not read', async () => {
  const cluster = { registry: address, packageRegistry: address }
  const ask = askLocal(cluster, [], new Set())
  expect(await ask({ image: 'held:2' })).toEqual({ ok: false, problem: 'not found' })
})
