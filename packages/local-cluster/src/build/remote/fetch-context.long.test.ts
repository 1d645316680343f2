import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseBuildContext, type RemoteContext, type TarEntry, tarArchive } from '@landfall/image'
import { type ContextServer, startContextServer } from '@landfall/testkit/context-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FetchOptions, fetchContext, isInside } from './fetch-context.ts'

let server: ContextServer
let root = ''
let address = ''
let cacheDirectory = ''

beforeAll(async () => {
  server = await startContextServer()
  root = server.root
  address = server.address
  cacheDirectory = join(root, 'cache')
})

afterAll(() => server.close())

function fetched(text: string, options: Partial<FetchOptions> = {}) {
  const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' }
  return fetchContext(parseBuildContext(text) as RemoteContext, { cacheDirectory, env, ...options })
}

async function filesOf(text: string, options: Partial<FetchOptions> = {}): Promise<string[]> {
  const context = await fetched(text, options)
  if (!context.ok) throw new Error(context.problem)
  return readdirSync(context.directory, { recursive: true, encoding: 'utf8' }).sort()
}

describe('a Git repository', () => {
  let shop = ''
  let first = ''
  let last = ''
  beforeAll(() => {
    shop = server.repository(
      'shop',
      { Dockerfile: 'FROM a', 'api/Dockerfile': 'FROM api' },
      { 'late.txt': 'x' },
    )
    last = server.git(shop, 'rev-parse', 'main')
    first = server.git(shop, 'rev-parse', 'main~1')
    server.git(shop, 'tag', '--annotate', '--message=x', 'v1', first)
    server.git(shop, 'branch', 'both', last)
    server.git(shop, 'tag', 'both', first)
  })

  test.each([
    ['', () => last],
    ['#main', () => last],
    ['#v1', () => first],
    ['#refs/tags/v1', () => first],
    ['#both', () => last],
    ['#refs/tags/both', () => first],
  ])('with %s is the commit that it means', async (suffix, commit) => {
    const context = await fetched(`${address}/git/shop.git${suffix}`)
    expect(context).toMatchObject({ ok: true, revision: commit() })
  })

  test('by its commit, also one that no branch ends with', async () => {
    const context = await fetched(`${address}/git/shop.git#${first}`)
    expect(context).toMatchObject({ ok: true, revision: first })
  })

  test('holds the files of the context and nothing of git', async () => {
    const url = `${address}/git/shop.git`
    expect(await filesOf(url)).toEqual(['Dockerfile', 'api', 'api/Dockerfile', 'late.txt'])
    expect(await filesOf(`${url}#main:api`)).toEqual(['Dockerfile'])
  })

  test('from a server of plain files', async () => {
    const bare = join(root, 'repositories', 'bare.git')
    server.git(root, 'clone', '--quiet', '--bare', shop, bare)
    server.git(bare, 'update-server-info')
    expect(await filesOf(`${address}/plain/bare.git#v1:api`)).toEqual(['Dockerfile'])
  })

  test('of a recorded commit is not fetched twice, and stays when the branch moves', async () => {
    const url = `${address}/git/shop.git#main`
    await fetched(url)
    server.requests.length = 0
    const again = await fetched(url, { revision: last, offline: true })
    expect(again).toMatchObject({ ok: true, revision: last })
    expect(await fetched(url, { revision: first })).toMatchObject({ ok: true, revision: first })
    server.requests.length = 0
    expect(await fetched(url, { revision: first })).toMatchObject({ ok: true })
    expect(server.requests).toEqual([])
  })

  test.each([
    ['#absent', 'the repository has no branch or tag "absent"'],
    [
      '#abcdef12',
      'the repository has no branch or tag "abcdef12"; write a commit with its 40 digits',
    ],
    ['#v1:absent', /^the repository has no directory "absent" at [0-9a-f]{12}$/],
    ['#v1:Dockerfile', /^the repository has no directory "Dockerfile" at [0-9a-f]{12}$/],
  ])('with %s is a problem', async (suffix, problem) => {
    expect(await fetched(`${address}/git/shop.git${suffix}`)).toEqual({
      ok: false,
      problem: expect.stringMatching(problem),
    })
  })

  test('that does not exist, or needs a login, is a problem and prompts for nothing', async () => {
    expect(await fetched(`${address}/git/absent.git`)).toMatchObject({ ok: false })
    const locked = await fetched(`${address.replace('//', '//u:hunter2@')}/locked/x.git`)
    expect(locked).toMatchObject({ ok: false })
    expect(JSON.stringify(locked)).not.toContain('hunter2')
  })

  test('that is too large, also when it is unpacked, is a problem and leaves nothing', async () => {
    server.repository('large', { 'a.txt': '0'.repeat(200_000), 'b.txt': '1'.repeat(200_000) })
    const before = readdirSync(join(cacheDirectory, 'contexts'))
    const problem = 'it is larger than 0 MiB'
    const url = `${address}/git/large.git`
    expect(await fetched(url, { limits: { bytes: 300_000 } })).toEqual({ ok: false, problem })
    expect(await fetched(url, { limits: { entries: 1 } })).toMatchObject({ ok: false })
    expect(await fetched(url, { limits: { time: 1 } })).toMatchObject({ ok: false })
    expect(readdirSync(join(cacheDirectory, 'contexts'))).toEqual(before)
  })

  test('with a submodule names it and what to do', async () => {
    const directory = server.repository('with-submodule', { Dockerfile: 'FROM a' })
    server.git(directory, 'update-index', '--add', '--cacheinfo', `160000,${last},lib`)
    server.git(directory, 'commit', '--quiet', '--message=x')
    expect(await fetched(`${address}/git/with-submodule.git`)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('lib is a submodule, which is not fetched: clone'),
    })
  })

  test('whose subdirectory is a link is a problem', async () => {
    const directory = server.repository('linked', { Dockerfile: 'FROM a' })
    symlinkSync('/', join(directory, 'out'))
    server.git(directory, 'add', 'out')
    server.git(directory, 'commit', '--quiet', '--message=x')
    expect(await fetched(`${address}/git/linked.git#main:out/etc`)).toMatchObject({ ok: false })
    expect(await fetched(`${address}/git/linked.git#main:out`)).toMatchObject({ ok: false })
  })

  test('runs no hook, no filter of the repository and no program of the address', async () => {
    const directory = server.repository('hooked', {
      Dockerfile: 'FROM a',
      '.gitattributes': '* filter=touch',
      '.gitmodules': '[submodule "x"]\n path = x\n url = ext::touch /tmp/x\n update = !touch x\n',
      '.gitconfig': '[filter "touch"]\n smudge = touch /tmp/x\n',
    })
    const mark = join(root, 'ran')
    const templates = join(root, 'templates', 'hooks')
    mkdirSync(templates, { recursive: true })
    writeFileSync(join(templates, 'post-checkout'), `#!/bin/sh\ntouch ${mark}\n`)
    chmodSync(join(templates, 'post-checkout'), 0o755)
    const env = {
      PATH: process.env.PATH,
      HOME: root,
      GIT_TEMPLATE_DIR: join(root, 'templates'),
      GIT_DIR: join(directory, '.git'),
    }
    expect(await fetched(`${address}/git/hooked.git`, { env })).toMatchObject({ ok: true })
    expect(existsSync(mark)).toBe(false)
  })

  test('an address that git is redirected to with another protocol is refused', async () => {
    const env = {
      PATH: process.env.PATH,
      HOME: join(root, 'redirecting'),
      GIT_CONFIG_NOSYSTEM: '1',
    }
    mkdirSync(env.HOME)
    const settings = `[url "file://${root}/repositories/"]\n insteadOf = https://elsewhere/\n`
    writeFileSync(join(env.HOME, '.gitconfig'), settings)
    expect(await fetched('https://elsewhere/shop.git', { env })).toEqual({
      ok: false,
      problem: "transport 'file' not allowed",
    })
  })
})

describe('an archive', () => {
  async function serve(name: string, entries: TarEntry[]): Promise<string> {
    writeFileSync(join(root, 'files', name), await tarArchive(entries))
    return `${address}/files/${name}`
  }

  test('is unpacked, and stays as it was recorded', async () => {
    const url = await serve('x.tar', [
      { type: 'file', path: 'Dockerfile', content: 'FROM a' },
      { type: 'file', path: 'sub/run.sh', content: 'x', mode: 0o755 },
    ])
    const context = await fetched(`${url}?token=hunter2`)
    if (!context.ok) throw new Error(context.problem)
    expect(context.revision).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await filesOf(url)).toEqual(['Dockerfile', 'sub', 'sub/run.sh'])
    await serve('x.tar', [{ type: 'file', path: 'Dockerfile', content: 'FROM b' }])
    expect(await filesOf(url)).toEqual(['Dockerfile'])
    expect(await fetched(url, { revision: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('has changed since it was recorded'),
    })
  })

  test('that is compressed is unpacked', async () => {
    const { gzipSync } = await import('node:zlib')
    const bytes = await tarArchive([{ type: 'file', path: 'Dockerfile', content: 'FROM gzip' }])
    writeFileSync(join(root, 'files', 'x.tar.gz'), gzipSync(bytes))
    expect(await filesOf(`${address}/files/x.tar.gz`)).toEqual(['Dockerfile'])
  })

  test('a text is a Dockerfile alone', async () => {
    writeFileSync(join(root, 'files', 'Dockerfile.web'), 'FROM a\n')
    expect(await filesOf(`${address}/files/Dockerfile.web`)).toEqual(['Dockerfile'])
  })

  test.each([
    ['a page', Buffer.from('<!DOCTYPE html><p>'), 'it is a web page, not an archive'],
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /compressed with xz are not read/],
    ['bytes', Buffer.from([1, 0, 2]), 'it is neither an archive nor a Dockerfile'],
  ])('%s is a problem', async (name, bytes, problem) => {
    const file = name.replace(' ', '-')
    writeFileSync(join(root, 'files', file), bytes)
    expect(await fetched(`${address}/files/${file}`)).toEqual({
      ok: false,
      problem: expect.stringMatching(problem),
    })
  })

  test.each<[string, TarEntry[]]>([
    ['above', [{ type: 'file', path: '../out', content: 'x' }]],
    [
      'through a link',
      [
        { type: 'symlink', path: 'l', target: '..' },
        { type: 'file', path: 'l/out', content: 'x' },
      ],
    ],
  ])('with an entry that leads out of it (%s) is a problem', async (name, entries) => {
    const url = await serve(`${name.replaceAll(' ', '-')}.tar`, entries)
    expect(await fetched(url)).toMatchObject({ ok: false })
    expect(readdirSync(join(cacheDirectory, 'contexts'))).not.toContain('out')
  })

  test('that is too large, when it is downloaded or unpacked, is a problem', async () => {
    const url = await serve('large.tar', [{ type: 'file', path: 'a', content: '0'.repeat(99_999) }])
    const large = { ok: false, problem: 'it is larger than 0 MiB' }
    expect(await fetched(url, { limits: { bytes: 50_000 } })).toEqual(large)
    const { gzipSync } = await import('node:zlib')
    const file = join(root, 'files', 'bomb.tar.gz')
    writeFileSync(file, gzipSync(readFileSync(join(root, 'files', 'large.tar'))))
    const bomb = `${address}/files/bomb.tar.gz`
    expect(await fetched(bomb, { limits: { bytes: 50_000 } })).toEqual(large)
  })

  test('that the server does not have, or that no server has, is a problem', async () => {
    const absent = await fetched(`${address}/files/absent.tar`)
    expect(absent).toEqual({ ok: false, problem: 'the server answers 404' })
    const nowhere = await fetched('http://u:hunter2@127.0.0.1:1/x.tar?key=hunter2')
    expect(nowhere).toMatchObject({ ok: false })
    expect(JSON.stringify(nowhere)).not.toContain('hunter2')
  })
})

test('a link of a context that leads out of it is not followed', () => {
  const directory = mkdtempSync(join(root, 'inside-'))
  writeFileSync(join(directory, 'Dockerfile'), 'FROM a')
  symlinkSync('Dockerfile', join(directory, 'same'))
  symlinkSync('/etc/passwd', join(directory, 'other'))
  expect(isInside(directory, join(directory, 'same'))).toBe(true)
  expect(isInside(directory, join(directory, 'absent'))).toBe(true)
  expect(isInside(directory, join(directory, 'other'))).toBe(false)
})
