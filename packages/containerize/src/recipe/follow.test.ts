import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../test-start.ts'

test('a log in files is followed, also what a program writes when it dies at once', async () => {
  const { code, stdout } = await start({
    script: '#!/bin/sh\nexec java Main\n',
    files: { 'logs/old.log': 'of an earlier time\n', 'bin/keep': '' },
    env: { LANDFALL_LOGS: 'logs/*.log', LOG: 'logs/x.log', CODE: '3' },
  })
  expect(code).toBe(3)
  expect(stdout).toContain('cause of death\n')
  expect(stdout).not.toContain('earlier')
})

test('a program whose log is followed gets the signal, and ends with its own exit code', async () => {
  const { code, stdout } = await start({
    script: '#!/bin/sh\nexec java Main\n',
    files: { 'logs/keep': '' },
    env: { LANDFALL_LOGS: 'logs/*.log', LOG: 'logs/x.log', SERVE: 'yes' },
    async meanwhile(first, root) {
      while (!existsSync(join(root, 'opt/logs/x.log'))) await pause()
      await pause()
      first.kill('SIGTERM')
    },
  })
  expect(stdout).toContain('cause of death\nstopped\n')
  expect(code).toBe(5)
})

test('without patterns, the files to which the program writes are found, and what they had before is not shown', async () => {
  const { code, stdout } = await start({
    script: '#!/bin/sh\nexec java Main\n',
    files: {
      'data/log/x.log': 'of an earlier time\n',
      'data/other.log': 'not written\n',
    },
    env: { LANDFALL_LOGS: 'auto', LOG: 'data/log/x.log', KEEP: 'data/log/x.log', SERVE: 'yes' },
    async meanwhile(first, root) {
      const log = join(root, 'opt/data/log/x.log')
      while (!readFileSync(log, 'utf8').includes('cause')) await pause()
      await pause()
      first.kill('SIGTERM')
    },
  })
  expect(stdout).toContain('cause of death\nstopped\n')
  expect(stdout).not.toMatch(/earlier|not written/)
  expect(code).toBe(5)
})

test('without patterns, the reason of a program that dies at once is shown, and no file that is not text', async () => {
  const { code, stdout } = await start({
    script: '#!/bin/sh\nprintf "a\\000b" > binary.log\necho collected > x-gc.log\nexec java Main\n',
    env: { LANDFALL_LOGS: 'auto', LOG: 'new.log', CODE: '3' },
  })
  expect(code).toBe(3)
  expect(stdout).toContain('cause of death\n')
  expect(stdout).not.toMatch(/collected|a\0b/)
})

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}
