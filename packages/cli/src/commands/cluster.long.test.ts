import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { repository, run } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A bundle of its own, so that no edit meanwhile changes what runs; nothing here starts a cluster. */
let scratch: string
let main: string
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-cluster-'))
  main = join(scratch, 'bundle', 'main.js')
  await run(process.execPath, ['scripts/build.mjs', join(scratch, 'bundle')], { cwd: repository })
})
afterAll(() => rmSync(scratch, { recursive: true }))

/** A directory for PATH with these programs, as texts of scripts. */
function programs(name: string, texts: Record<string, string>): string {
  const directory = join(scratch, name)
  mkdirSync(directory)
  for (const [program, text] of Object.entries(texts))
    writeFileSync(join(directory, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return directory
}

test.runIf(process.platform === 'linux')(
  '--local on a machine without the programs that it calls: one screen with what is missing and what works',
  async () => {
    const env = { PATH: programs('kind-alone', { kind: '' }), HOME: scratch, KUBECONFIG: undefined }
    const { stderr, code } = await run(process.execPath, [main, 'cluster', 'up'], {
      cwd: scratch,
      env,
    })
    expect(code).toBe(2)
    expect(stderr).toContain('unshare not found')
    expect(stderr).toContain('install the package util-linux')
    // Go is needed only if nothing can be downloaded.
    expect(stderr).not.toContain('Go')
    expect(stderr).toContain('landfall check | plan | convert')
    expect(stderr).toContain('kind create cluster')
    expect(stderr.trim().split('\n').length).toBeLessThan(24)
  },
)

test.runIf(process.platform === 'linux')(
  'a build that is interrupted says how to continue, and leaves no process',
  async () => {
    const pids = join(scratch, 'pids')
    const sleeper = `echo $$ >>${pids}; exec sleep 1000`
    const path = programs('slow', {
      go: `case "$*" in "env GOVERSION") echo go1.26.0 ;; *) ${sleeper} ;; esac`,
      'apt-get': sleeper,
      'dpkg-deb': sleeper,
    })
    const child = spawn(process.execPath, [main, 'cluster', 'prepare'], {
      cwd: scratch,
      env: {
        PATH: `${path}:${process.env.PATH}`,
        HOME: scratch,
        XDG_CACHE_HOME: join(scratch, 'cache'),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const started = () =>
      existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []
    // Go and apt work at the same time.
    while (started().length < 2 && child.exitCode === null) await setTimeout(20)
    expect(started()).toHaveLength(2)
    const ended = once(child, 'close')
    child.kill('SIGINT')
    const [code] = await ended
    expect({ code, stderr }).toMatchObject({ code: 130 })
    expect(stderr).toContain('interrupted; run the command again to continue')
    while (started().some(isRunning)) await setTimeout(20)
  },
)

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
