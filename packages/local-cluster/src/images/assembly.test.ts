import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { assetDirectory } from '../cache/assets.ts'
import { run } from '../host/run.ts'

const made: string[] = []
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
})

function directoryOf(fill: (path: (name: string) => string) => void): string {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-assembly-'))
  chmodSync(directory, 0o755)
  made.push(directory)
  fill((name) => join(directory, name))
  return directory
}

async function archive(directory: string): Promise<string> {
  const listing = join(directory, '..', `${directory.split('/').at(-1)}.tar`)
  made.push(listing)
  const script = join(assetDirectory('images'), 'assembly/archive.sh')
  await run('sh', ['-c', `"${script}" "${directory}" > "${listing}"`])
  return createHash('sha256')
    .update(await run('base64', [listing]))
    .digest('hex')
}

describe.skipIf(process.platform !== 'linux')('a layer (GNU tar is needed)', () => {
  test('is the same bytes whenever and in whatever order its files were written', async () => {
    const first = directoryOf((path) => {
      mkdirSync(path('etc'))
      writeFileSync(path('etc/a'), 'a')
      writeFileSync(path('etc/b'), 'b')
      symlinkSync('a', path('etc/link'))
    })
    const second = directoryOf((path) => {
      mkdirSync(path('etc'))
      symlinkSync('a', path('etc/link'))
      writeFileSync(path('etc/b'), 'b')
      writeFileSync(path('etc/a'), 'a')
      utimesSync(path('etc/a'), 1_000_000, 1_000_000)
    })
    expect(await archive(second)).toBe(await archive(first))
    writeFileSync(join(second, 'etc/a'), 'c')
    expect(await archive(second)).not.toBe(await archive(first))
  })

  test('holds no caches, logs, backups and dates', async () => {
    const root = directoryOf((path) => {
      for (const folder of [
        'etc',
        'var/log/apt',
        'var/cache/apt/archives',
        'var/lib/dpkg',
        'tmp',
        'run',
        'var/tmp',
        'var/lib/apt/lists',
      ])
        mkdirSync(path(folder), { recursive: true })
      writeFileSync(path('etc/shadow'), 'redis:!:20412::::::\n')
      writeFileSync(path('etc/passwd-'), 'old')
      writeFileSync(path('var/log/apt/term.log'), 'said')
      writeFileSync(path('var/cache/apt/archives/x.deb'), 'deb')
      writeFileSync(path('tmp/.hidden'), 'x')
    })
    await run(join(assetDirectory('images'), 'assembly/settle.sh'), [root])
    const left = await run('find', ['.', '-type', 'f', '-printf', '%p %s\n'], { cwd: root })
    expect(left.trim().split('\n').sort()).toEqual(['./etc/shadow 20', './var/log/apt/term.log 0'])
    expect(await run('cat', [join(root, 'etc/shadow')])).toBe('redis:!:19675::::::\n')
  })
})
