import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { architecture } from '../host/architecture.ts'
import { pauseProgram } from './pause-program.ts'

const directory = mkdtempSync(join(tmpdir(), 'landfall-pause-'))
const program = join(directory, 'pause')
afterAll(() => rmSync(directory, { recursive: true }))

describe.runIf(process.platform === 'linux')('the program of this machine', () => {
  beforeAll(() => writeFileSync(program, pauseProgram(architecture), { mode: 0o755 }))

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'it waits, also after an interruption, and %s ends it with exit code 0',
    async (signal) => {
      const child = spawn(program, { stdio: 'ignore' })
      const ended = endOf(child)
      await waits(child.pid)
      for (const interruption of ['SIGSTOP', 'SIGCONT', 'SIGCHLD'] as const)
        child.kill(interruption)
      await waits(child.pid)
      child.kill(signal)
      expect(await ended).toEqual({ code: 0, signal: null })
    },
  )

  const canUnshare = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
  test.runIf(canUnshare)('as process 1 it ends on SIGTERM, and collects orphans', async () => {
    const outer = spawn('unshare', ['--pid', '--fork', '--kill-child', program], {
      stdio: 'ignore',
    })
    const ended = endOf(outer)
    const first = await vi.waitUntil(() => childrenOf(outer.pid)[0], { timeout: 60_000 })
    await waits(first)
    const orphan = 'sleep 1000 </dev/null >/dev/null 2>&1 &'
    for (const _ of [1, 2, 3]) {
      const entered = spawnSync('nsenter', ['-t', `${first}`, '-p', 'sh', '-c', orphan])
      expect(entered.status).toBe(0)
    }
    await vi.waitUntil(() => childrenOf(first).length === 3, { timeout: 60_000 })
    for (const pid of childrenOf(first)) process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => childrenOf(first).length === 0, { timeout: 60_000 })
    process.kill(first, 'SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null })
  })
})

test.each([
  ['amd64', 62],
  ['arm64', 183],
])('it is a small file for %s that has no writable or executable stack', (name, machine) => {
  const file = pauseProgram(name)
  expect(file.length).toBeLessThan(512)
  expect(file.readUInt16LE(18)).toBe(machine)
  expect([file.readUInt32LE(64 + 4), file.readUInt32LE(64 + 56 + 4)]).toEqual([5, 6])
})

test('for another processor there is an error that names it', () => {
  expect(() => pauseProgram('riscv64')).toThrow('this machine has riscv64')
})

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
}

/** Resolves when the process runs the program and sleeps in a system call. */
async function waits(pid: number | undefined): Promise<void> {
  await vi.waitUntil(
    () => {
      const [name, state] = fieldsOf(pid)
      return name === 'pause' && state === 'S'
    },
    { timeout: 60_000 },
  )
}

/** Those that have ended and were not collected, too. */
function childrenOf(pid: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => fieldsOf(candidate)[2] === String(pid))
}

/** Name, state and parent of a process (proc_pid_stat(5)). */
function fieldsOf(pid: number | undefined): (string | undefined)[] {
  try {
    return /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.slice(1) ?? []
  } catch {
    return []
  }
}
