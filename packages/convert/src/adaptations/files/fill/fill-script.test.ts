import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { encodePath, printEntries } from '@landfall/kube'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { tarOf } from '../tar.ts'
import { FILL_SCRIPT } from './fill-script.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000 })

/** Content by path below the tree. */
type Tree = Record<string, string>

const tools = mkdtempSync(join(tmpdir(), 'fill-tools-'))
beforeAll(() => {
  if (isThere('busybox')) execFileSync('busybox', ['--install', '-s', tools])
})
afterAll(() => rmSync(tools, { recursive: true }))

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Each shell with the tools that come with it. */
const shells = [
  { name: 'busybox', shell: 'ash', path: tools },
  { name: 'dash', shell: 'dash', path: process.env.PATH },
].filter(({ name }) => isThere(name))

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fill-'))
  mkdirSync(join(root, 'volumes/0'), { recursive: true })
  writeFileSync(join(root, 'fill.sh'), FILL_SCRIPT)
})
afterEach(() => rmSync(root, { recursive: true }))

const inVolume = (path: string) => join(root, 'volumes/0/data', path)
const put = (path: string, text: string) => {
  mkdirSync(dirname(inVolume(path)), { recursive: true })
  writeFileSync(inVolume(path), text)
}

/** What the program sees. */
function volume(below = ''): Tree {
  const directory = inVolume(below)
  if (!existsSync(directory)) return {}
  return Object.fromEntries(
    readdirSync(directory, { withFileTypes: true })
      .flatMap((entry) => {
        const path = below === '' ? entry.name : `${below}/${entry.name}`
        return entry.isDirectory()
          ? Object.entries(volume(path))
          : ([[path, readFileSync(inVolume(path), 'latin1')]] as [string, string][])
      })
      .sort(),
  )
}

/** Writes the archive as the objects have it. */
function project(tree: Tree, modes: Record<string, number> = {}, empty: string[] = []): void {
  const paths = Object.keys(tree)
  const directories = new Set(['', ...empty])
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      directories.add(path.slice(0, at))
  const list = printEntries([
    ...[...directories].map((path) => ({
      path: path === '' ? 'data' : `data/${path}`,
      mode: modes[path] ?? 0o755,
    })),
    ...paths.map((path) => ({
      path: `data/${path}`,
      mode: modes[path] ?? 0o644,
      sha256: createHash('sha256').update(tree[path] as string, 'latin1').digest('hex'),
    })),
  ])
  const tar = tarOf([
    { path: 'list', mode: 0o644, bytes: Buffer.from(list) },
    ...paths.map((path) => ({
      path: `tree/data/${path}`,
      mode: modes[path] ?? 0o644,
      bytes: Buffer.from(tree[path] as string, 'latin1'),
    })),
  ])
  mkdirSync(join(root, 'files/0'), { recursive: true })
  writeFileSync(join(root, 'files/0/data.tar.gz.001'), gzipSync(tar, { level: 1 }))
}

interface Started {
  name: string
  shell: string
  path: string | undefined
}

const STEP = ['fill', '0', 'data', 'data', './config', '-']

/** Starts a pod: its lines. */
function start({ shell, path }: Started, reset = '', step = STEP, input: string | Buffer = '') {
  return execFileSync(shell, [join(root, 'fill.sh'), ...step], {
    env: { PATH: path, FILL_ROOT: root, LANDFALL_RESET_FILES: reset },
    encoding: 'utf8',
    input,
  })
    .split('\n')
    .filter(Boolean)
}

describe.each(shells)('under $name', (run) => {
  test('fills a new volume with the paths, contents and modes of the project, whatever the names', () => {
    const tree: Tree = {
      'app.ini': 'a',
      'conf.d/with space.conf': 'b',
      'conf.d/-n': 'c',
      "quote's \"x\" $(y) `z` \\ back": 'd',
      'line\nfeed/\n.txt': 'e',
      'ünï/☃': 'f',
      'binary.bin': '\0\x01\xff\n\0',
      ' leading and trailing ': 'g',
      '%20': 'h',
      'a=b': 'i',
      'empty': '',
    }
    project(tree, { 'app.ini': 0o600, 'conf.d': 0o700, '%20': 0o755 }, ['spool'])
    expect(start(run)).toEqual([])
    expect(volume()).toEqual(Object.fromEntries(Object.entries(tree).sort()))
    const modes = ['app.ini', 'conf.d', 'conf.d/-n', '%20', 'spool', ''].map(
      (path) => statSync(inVolume(path)).mode & 0o777,
    )
    expect(modes).toEqual([0o600, 0o700, 0o644, 0o755, 0o755, 0o755])
    expect(start(run)).toEqual([])
    const changed = Object.fromEntries(Object.keys(tree).map((path) => [path, 'changed']))
    project(changed)
    expect(start(run)).toEqual([])
    expect(volume()).toEqual(Object.fromEntries(Object.entries(changed).sort()))
    for (const path of Object.keys(tree)) put(path, 'by the program')
    project(tree)
    expect(start(run).sort()).toEqual(
      Object.keys(tree)
        .map((path) => `kept ./config/${encodePath(path)}: changed in the volume`)
        .sort(),
    )
    project({})
    expect(start(run)).toHaveLength(Object.keys(tree).length)
    expect(volume()).toEqual(
      Object.fromEntries(Object.keys(tree).map((path) => [path, 'by the program'])),
    )
    expect(start(run)).toEqual([])
  })

  test('a file that nobody changed follows the project: content, mode, removal', () => {
    project({ a: '1', 'sub/b': '1', 'sub/c': '1' })
    start(run)
    project({ a: '2', 'sub/c': '1', 'new/d': '1' }, { 'sub/c': 0o755 })
    expect(start(run)).toEqual([])
    expect(volume()).toEqual({ a: '2', 'new/d': '1', 'sub/c': '1' })
    expect(statSync(inVolume('sub/c')).mode & 0o777).toBe(0o755)
    project({ a: '2' })
    start(run)
    expect(existsSync(inVolume('sub'))).toBe(false)
  })

  test('what the program changed, deleted or made is its own', () => {
    project({ changed: '1', deleted: '1', left: '1', 'dir/x': '1' })
    start(run)
    put('changed', 'mine')
    put('left', 'mine')
    put('own/log', 'mine')
    rmSync(inVolume('deleted'))
    project({ changed: '2', deleted: '2', 'dir/x': '2' })
    const first = start(run)
    expect(first.sort()).toEqual([
      'kept ./config/changed: changed in the volume',
      'kept ./config/deleted: deleted in the volume',
      'kept ./config/left: changed in the volume, no longer in the project',
    ])
    expect(volume()).toEqual({ changed: 'mine', 'dir/x': '2', left: 'mine', 'own/log': 'mine' })
    expect(start(run).sort()).toEqual(first.slice(0, 2))
    put('changed', '2')
    start(run)
    project({ changed: '3', 'dir/x': '2' })
    expect(start(run)).toEqual([])
    expect(volume().changed).toBe('3')
  })

  test('a volume that has files already keeps them; equal ones belong to the project', () => {
    put('same', '1')
    put('other', 'mine')
    put('more', 'mine')
    project({ same: '1', other: '1', new: '1' })
    expect(start(run)).toEqual(['kept ./config/other: changed in the volume'])
    expect(volume()).toEqual({ more: 'mine', new: '1', other: 'mine', same: '1' })
    project({ same: '2', other: '2', new: '2' })
    expect(start(run)).toEqual(['kept ./config/other: changed in the volume'])
    expect(volume()).toEqual({ more: 'mine', new: '2', other: 'mine', same: '2' })
    rmSync(inVolume('other'))
    expect(start(run)).toEqual(['kept ./config/other: deleted in the volume'])
  })

  test('what an earlier version had begun to fill is filled again', () => {
    put('.landfall-filling', '')
    put('half', 'beginn')
    project({ half: 'beginning', whole: '1' })
    expect(start(run)).toEqual([])
    expect(volume()).toEqual({ half: 'beginning', whole: '1' })
  })

  test('a reset takes the files of the project once, those below its path alone', () => {
    const tree = { 'a/x': '1', 'a/y': '1', 'b/x': '1' }
    project(tree)
    start(run)
    const change = () => {
      put('a/x', 'mine')
      rmSync(inVolume('a/y'))
      put('b/x', 'mine')
      put('a/own', 'mine')
    }
    change()
    expect(start(run, 't1 ./config/a')).toEqual(['kept ./config/b/x: changed in the volume'])
    expect(volume()).toEqual({ 'a/own': 'mine', 'a/x': '1', 'a/y': '1', 'b/x': 'mine' })
    change()
    expect(start(run, 't1 ./config/a')).toHaveLength(3)
    expect(start(run, 't1 ./config/a\nt2 ./config')).toEqual([])
    expect(volume()).toEqual({ ...tree, 'a/own': 'mine' })
    change()
    expect(start(run, 't3 ./other\nt4 ./con')).toHaveLength(3)
    expect(start(run, 't5 .')).toEqual([])
  })

  test('files become directories and the reverse, unless a program has a part in it', () => {
    project({ a: '1', 'b/x': '1', 'b/y/z': '1', 'c/x': '1', d: '1' })
    start(run)
    put('c/own', 'mine')
    put('d', 'mine')
    project({ 'a/x': '2', b: '2', c: '2', 'd/x': '2' })
    expect(start(run).sort()).toEqual([
      'kept ./config/c: changed in the volume',
      'kept ./config/d/x: changed in the volume',
      'kept ./config/d: changed in the volume',
    ])
    expect(volume()).toEqual({ 'a/x': '2', b: '2', 'c/own': 'mine', d: 'mine' })
  })

  test('nothing is written through a link that a program made', () => {
    project({ 'conf/a': '1' })
    start(run)
    rmSync(inVolume('conf'), { recursive: true })
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), inVolume('conf'))
    project({ 'conf/a': '2', 'conf/b': '2' })
    expect(start(run)).toHaveLength(3)
    expect(start(run, 't ./config')).toHaveLength(3)
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)('a file that follows keeps the owner that it has', () => {
    project({ a: '1' })
    start(run)
    execFileSync('chown', ['-R', '1000:1001', inVolume('')])
    chmodSync(inVolume('a'), 0o600)
    project({ a: '2' })
    start(run)
    const { uid, gid } = statSync(inVolume('a'))
    expect([volume().a, uid, gid]).toEqual(['2', 1000, 1001])
  })

  test('10,000 files take seconds, a restart less', () => {
    const tree = (text: string) =>
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, n) => [`${n % 100}/file ${n}.txt`, `${text} ${n}`]),
      )
    project(tree('first'))
    const began = performance.now()
    start(run)
    const filled = performance.now()
    start(run)
    const again = performance.now()
    project(tree('second'))
    start(run)
    const followed = performance.now()
    expect(volume()).toEqual(Object.fromEntries(Object.entries(tree('second')).sort()))
    console.log(run.name, filled - began, again - filled, followed - again)
    expect(followed - began).toBeLessThan(50_000)
  })
})
