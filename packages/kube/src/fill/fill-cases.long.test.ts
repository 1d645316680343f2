import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodePath } from './entries.ts'
import { fillRun, findShells, type Run, sorted, type Tree } from './test-shells.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000 })

const { shells, end } = findShells()
afterAll(end)

describe.each(shells)('under $name', (shell) => {
  let run: Run
  beforeEach(() => {
    run = fillRun(shell)
  })
  afterEach(() => run.end())

  test('fills a new volume with the paths, contents and modes of the project, whatever the names', () => {
    const tree: Tree = {
      'app.ini': 'a',
      'conf.d/with space.conf': 'b',
      'conf.d/-n': 'c',
      'quote\'s "x" $(y) `z` \\ back': 'd',
      'line\nfeed/\n.txt': 'e',
      'ünï/☃': 'f',
      'binary.bin': '\0\x01\xff\n\0',
      ' leading and trailing ': 'g',
      '%20': 'h',
      'a=b': 'i',
      empty: '',
    }
    run.project(tree, { 'app.ini': 0o600, 'conf.d': 0o700, '%20': 0o755 }, ['spool'])
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual(sorted(tree))
    const modes = ['app.ini', 'conf.d', 'conf.d/-n', '%20', 'spool', ''].map(
      (path) => statSync(run.inVolume(path)).mode & 0o777,
    )
    expect(modes).toEqual([0o600, 0o700, 0o644, 0o755, 0o755, 0o755])
    expect(run.start()).toEqual([])
    const changed = Object.fromEntries(Object.keys(tree).map((path) => [path, 'changed']))
    run.project(changed)
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual(sorted(changed))
    for (const path of Object.keys(tree)) run.put(path, 'by the program')
    run.project(tree)
    expect(run.start().sort()).toEqual(
      Object.keys(tree)
        .map((path) => `kept ./config/${encodePath(path)}: changed in the volume`)
        .sort(),
    )
    run.project({})
    expect(run.start()).toHaveLength(Object.keys(tree).length)
    expect(run.volume()).toEqual(
      sorted(Object.fromEntries(Object.keys(tree).map((path) => [path, 'by the program']))),
    )
    expect(run.start()).toEqual([])
  })

  test('a file that nobody changed follows the project: content, mode, removal', () => {
    run.project({ a: '1', 'sub/b': '1', 'sub/c': '1' })
    run.start()
    run.project({ a: '2', 'sub/c': '1', 'new/d': '1' }, { 'sub/c': 0o755 })
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual({ a: '2', 'new/d': '1', 'sub/c': '1' })
    expect(statSync(run.inVolume('sub/c')).mode & 0o777).toBe(0o755)
    run.project({ a: '2' })
    run.start()
    expect(existsSync(run.inVolume('sub'))).toBe(false)
  })

  test('what the program changed, deleted or made is its own', () => {
    run.project({ changed: '1', deleted: '1', left: '1', 'dir/x': '1' })
    run.start()
    run.put('changed', 'mine')
    run.put('left', 'mine')
    run.put('own/log', 'mine')
    rmSync(run.inVolume('deleted'))
    run.project({ changed: '2', deleted: '2', 'dir/x': '2' })
    const first = run.start()
    expect(first.sort()).toEqual([
      'kept ./config/changed: changed in the volume',
      'kept ./config/deleted: deleted in the volume',
      'kept ./config/left: changed in the volume, no longer in the project',
    ])
    expect(run.volume()).toEqual({ changed: 'mine', 'dir/x': '2', left: 'mine', 'own/log': 'mine' })
    expect(run.start().sort()).toEqual(first.slice(0, 2))
    run.put('changed', '2')
    run.start()
    run.project({ changed: '3', 'dir/x': '2' })
    expect(run.start()).toEqual([])
    expect(run.volume().changed).toBe('3')
  })

  test('a volume that has files already keeps them; equal ones belong to the project', () => {
    run.put('same', '1')
    run.put('other', 'mine')
    run.put('more', 'mine')
    run.project({ same: '1', other: '1', new: '1' })
    expect(run.start()).toEqual(['kept ./config/other: changed in the volume'])
    expect(run.volume()).toEqual({ more: 'mine', new: '1', other: 'mine', same: '1' })
    run.project({ same: '2', other: '2', new: '2' })
    expect(run.start()).toEqual(['kept ./config/other: changed in the volume'])
    expect(run.volume()).toEqual({ more: 'mine', new: '2', other: 'mine', same: '2' })
    rmSync(run.inVolume('other'))
    expect(run.start()).toEqual(['kept ./config/other: deleted in the volume'])
  })

  test('what an earlier version had begun to fill is filled again', () => {
    run.put('.landfall-filling', '')
    run.put('half', 'beginn')
    run.project({ half: 'beginning', whole: '1' })
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual({ half: 'beginning', whole: '1' })
  })

  test('a reset takes the files of the project once, those below its path alone', () => {
    const tree = { 'a/x': '1', 'a/y': '1', 'b/x': '1' }
    run.project(tree)
    run.start()
    const change = () => {
      run.put('a/x', 'mine')
      rmSync(run.inVolume('a/y'))
      run.put('b/x', 'mine')
      run.put('a/own', 'mine')
    }
    change()
    expect(run.start('t1 ./config/a')).toEqual(['kept ./config/b/x: changed in the volume'])
    expect(run.volume()).toEqual({ 'a/own': 'mine', 'a/x': '1', 'a/y': '1', 'b/x': 'mine' })
    change()
    expect(run.start('t1 ./config/a')).toHaveLength(3)
    expect(run.start('t1 ./config/a\nt2 ./config')).toEqual([])
    expect(run.volume()).toEqual({ ...tree, 'a/own': 'mine' })
    change()
    expect(run.start('t3 ./other\nt4 ./con')).toHaveLength(3)
    expect(run.start('t5 .')).toEqual([])
  })

  test('an empty file is a place for one of the program: not reported, and emptied by its own name alone', () => {
    run.project({ 'app.db': '', 'app.ini': '1' })
    run.start()
    run.put('app.db', 'rows')
    run.put('app.ini', 'mine')
    expect(run.start()).toEqual(['kept ./config/app.ini: changed in the volume'])
    expect(run.start('t1 ./config')).toEqual([])
    expect(run.volume()).toEqual({ 'app.db': 'rows', 'app.ini': '1' })
    run.project({ 'app.db': 'from the project', 'app.ini': '1' })
    expect(run.start()).toEqual(['kept ./config/app.db: changed in the volume'])
    run.project({ 'app.db': '', 'app.ini': '1' })
    expect(run.start('t2 ./config/app.db')).toEqual([])
    expect(run.volume()['app.db']).toBe('')
  })

  test('files become directories and the reverse, unless a program has a part in it', () => {
    run.project({ a: '1', 'b/x': '1', 'b/y/z': '1', 'c/x': '1', d: '1' })
    run.start()
    run.put('c/own', 'mine')
    run.put('d', 'mine')
    run.project({ 'a/x': '2', b: '2', c: '2', 'd/x': '2' })
    expect(run.start().sort()).toEqual([
      'kept ./config/c: changed in the volume',
      'kept ./config/d/x: changed in the volume',
      'kept ./config/d: changed in the volume',
    ])
    expect(run.volume()).toEqual({ 'a/x': '2', b: '2', 'c/own': 'mine', d: 'mine' })
  })

  test('nothing is written through a link that a program made', () => {
    run.project({ 'conf/a': '1' })
    run.start()
    rmSync(run.inVolume('conf'), { recursive: true })
    mkdirSync(join(run.root, 'elsewhere'))
    symlinkSync(join(run.root, 'elsewhere'), run.inVolume('conf'))
    run.project({ 'conf/a': '2', 'conf/b': '2' })
    expect(run.start()).toHaveLength(3)
    expect(run.start('t ./config')).toHaveLength(3)
    expect(readdirSync(join(run.root, 'elsewhere'))).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)('a file that follows keeps the owner that it has', () => {
    run.project({ a: '1' })
    run.start()
    execFileSync('chown', ['-R', '1000:1001', run.inVolume('')])
    chmodSync(run.inVolume('a'), 0o600)
    run.project({ a: '2' })
    run.start()
    const { uid, gid } = statSync(run.inVolume('a'))
    expect([run.volume().a, uid, gid]).toEqual(['2', 1000, 1001])
  })
})
