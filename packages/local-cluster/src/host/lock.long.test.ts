import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'landfall-locks-'))
afterAll(() => rmSync(directory, { recursive: true }))

const program = fileURLToPath(new URL('test-programs/lock-contender.ts', import.meta.url))

function contender(file: string, rounds: number) {
  const options = ['--conditions=landfall-source', '--import', 'tsx']
  return spawn(process.execPath, [...options, program, file, String(rounds)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

test.skipIf(process.platform !== 'linux')(
  'of many processes one works at a time, and those that are killed leave the lock to the others',
  async () => {
    const file = join(directory, 'lock')
    const steady = Array.from({ length: 6 }, () => contender(file, 400))
    const ends = steady.map(async (child) => {
      let errors = ''
      child.stderr.setEncoding('utf8').on('data', (text) => {
        errors += text
      })
      const [code] = await once(child, 'close')
      return `${code} ${errors}`
    })
    const over = Promise.all(ends)
    let isOver = false
    void over.then(() => {
      isOver = true
    })
    while (!isOver) {
      const victim = contender(file, 1e6)
      await pause(1_500)
      victim.kill('SIGKILL')
      await once(victim, 'close')
    }
    expect(await over).toEqual(steady.map(() => '0 '))
  },
)
