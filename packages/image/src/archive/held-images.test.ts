import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOf } from '../blob.ts'
import { askHeldImages, openImages, type ReadRange } from '../index.ts'
import { type MadeImage, makeImage, tarOf } from '../made-image.ts'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'held-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

const read: ReadRange = (path, range) =>
  createReadStream(path, range && { start: range.start, end: range.end - 1 })

const image = makeImage({ User: 'app' }, [{ 'etc/passwd': 'app:x:7:8::/:\n', 'etc/group': '' }])

function layoutOf(made: MadeImage, annotations: Record<string, string>) {
  const files: Record<string, Uint8Array | string> = {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({
      schemaVersion: 2,
      manifests: [{ digest: made.digest, annotations }],
    }),
  }
  for (const [digest, bytes] of made.blobs) files[`blobs/${digest.replace(':', '/')}`] = bytes
  return files
}

function write(files: Record<string, Uint8Array | string>) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
}

async function opened(path: string, isDirectory: boolean) {
  const images = await openImages(path, isDirectory, read)
  if (!images.ok) throw new Error(images.problem)
  return images.images
}

const expected = {
  ok: true,
  facts: { user: 'app', accounts: { users: { app: { uid: 7, gid: 8 } }, groups: {} } },
}

test('a layout in a folder, its image named in full', async () => {
  write(layoutOf(image, { 'io.containerd.image.name': 'docker.io/library/app:1' }))
  const ask = askHeldImages(await opened(directory, true))
  expect(await ask({ image: 'app:1', accounts: true })).toMatchObject({
    ...expected,
    facts: { ...expected.facts, digest: image.digest },
  })
  expect(await ask({ image: 'app:2' })).toEqual({ ok: false, problem: 'the image is not in it' })
})

test('a layout in an archive, its image named by a tag alone', async () => {
  const archive = join(directory, 'app.tar')
  writeFileSync(archive, tarOf(layoutOf(image, { 'org.opencontainers.image.ref.name': '1' })))
  const images = await opened(archive, false)
  expect(await askHeldImages(images, 'app:1')({ image: 'app:1', accounts: true })).toMatchObject(
    expected,
  )
  expect(await askHeldImages(images, 'app:1')({ image: 'other:1' })).toMatchObject({ ok: false })
})

test('what docker save wrote before it wrote layouts', async () => {
  const [layer = new Uint8Array()] = image.archives
  const archive = join(directory, 'saved.tar')
  writeFileSync(
    archive,
    tarOf({
      'manifest.json': JSON.stringify([
        { Config: 'c.json', RepoTags: ['app:1'], Layers: ['l/layer.tar'] },
      ]),
      'c.json': image.config,
      'l/layer.tar': layer,
    }),
  )
  const ask = askHeldImages(await opened(archive, false))
  expect(await ask({ image: 'docker.io/library/app:1', accounts: true })).toMatchObject(expected)
})

test('a digest that leads out of a layout is not followed', async () => {
  const secret = JSON.stringify({ config: { digest: 'sha256:../../secret' }, layers: [] })
  const digest = digestOf(Buffer.from(secret))
  write({
    secret: '{"config":{"User":"stolen"}}',
    'oci-layout': '{}',
    'index.json': JSON.stringify({
      manifests: [
        { digest, annotations: { 'org.opencontainers.image.ref.name': 'a:1' } },
        {
          digest: 'sha256:../../secret',
          annotations: { 'org.opencontainers.image.ref.name': 'b:1' },
        },
      ],
    }),
    [`blobs/${digest.replace(':', '/')}`]: secret,
  })
  const ask = askHeldImages(await opened(directory, true))
  for (const image of ['a:1', 'b:1']) expect(await ask({ image })).toMatchObject({ ok: false })
})

test('a layer that was changed is refused, and what the configuration says stays', async () => {
  const files = layoutOf(image, { 'org.opencontainers.image.ref.name': 'app:1' })
  const blobs = [...image.blobs.keys()]
  files[`blobs/${(blobs.at(-1) as string).replace(':', '/')}`] = tarOf({ 'etc/passwd': 'x:x:0:0' })
  write(files)
  const ask = askHeldImages(await opened(directory, true))
  expect(await ask({ image: 'app:1' })).toMatchObject({ ok: true })
  expect(await ask({ image: 'app:1', accounts: true })).toMatchObject({
    ok: true,
    facts: { user: 'app' },
    unread: expect.stringContaining('digest mismatch'),
  })
})

test.each([
  ['an empty file', new Uint8Array()],
  ['a text', Buffer.from('no archive'.repeat(200))],
  ['an archive of other things', tarOf({ 'a.txt': 'a' })],
  ['a broken manifest.json', tarOf({ 'manifest.json': '[{}]' })],
  ['an archive that is cut off', tarOf({ 'a.txt': 'a'.repeat(5000) }).subarray(0, 2000)],
])('%s holds no images', async (_, bytes) => {
  const file = join(directory, 'x')
  writeFileSync(file, bytes)
  expect(await openImages(file, false, read)).toMatchObject({ ok: false })
  expect(await openImages(join(directory, 'absent'), false, read)).toMatchObject({ ok: false })
})
