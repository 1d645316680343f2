import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { digestOf } from '@landfall/image'
import { assetDirectory } from '../cache/assets.ts'
import type { Progress } from '../contract.ts'
import { withLock } from '../host/lock.ts'
import { run } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { replaceWhole } from '../host/write-whole.ts'

/**
 * The absolute path of the stand-in program, static and for this machine's architecture. It is built once for the same
 * sources and kept in the cache. Throws CommandFailed with the output of `go build`.
 */
export async function standInProgram(cacheDirectory: string, progress: Progress): Promise<string> {
  const sources = assetDirectory('stand-in')
  const key = (await hashOf(sources)).slice('sha256:'.length, 'sha256:'.length + 16)
  const program = join(cacheDirectory, 'programs', `stand-in-${key}-${process.arch}`, 'stand-in')
  const step = 'building the stand-in program'
  if (existsSync(program)) {
    progress({ step, state: 'cached' })
    return program
  }
  return withLock(`${dirname(program)}.lock`, async () => {
    if (existsSync(program)) return program
    await asStep(progress, step, async () => {
      await mkdir(dirname(program), { recursive: true })
      const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w']
      await replaceWhole(program, (unfinished) =>
        run('go', ['build', ...flags, '-o', unfinished, '.'], {
          cwd: sources,
          env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
        }),
      )
    })
    return program
  })
}

async function hashOf(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter(
    (name) => name === 'go.mod' || (name.endsWith('.go') && !name.endsWith('_test.go')),
  )
  const texts = await Promise.all(
    names.toSorted().map(async (name) => [name, await readFile(join(directory, name), 'utf8')]),
  )
  return digestOf(Buffer.from(JSON.stringify(texts)))
}
