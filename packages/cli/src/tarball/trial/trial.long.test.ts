import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectTarball, scanTarball } from '@landfall/containerize'
import { afterAll, describe, expect, test } from 'vitest'
import { quietTerminal } from '../../quiet-terminal.ts'
import { run } from '../../run.ts'
import { trialRun } from './trial.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-trials-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A directory with x-1.tar.gz, whose bin/startup.sh has this text. */
function project(script: string, more: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(scratch, 'project-'))
  chmodSync(directory, 0o755)
  const tree = join(directory, 'tree/x-1')
  for (const [name, text] of Object.entries({ 'bin/startup.sh': script, ...more })) {
    mkdirSync(join(tree, name, '..'), { recursive: true })
    writeFileSync(join(tree, name), Buffer.from(text, 'latin1'), { mode: 0o755 })
  }
  expect(
    spawnSync('tar', ['-czf', join(directory, 'x-1.tar.gz'), '-C', join(directory, 'tree'), 'x-1'])
      .status,
  ).toBe(0)
  rmSync(join(directory, 'tree'), { recursive: true })
  return directory
}

async function trial(directory: string, ...words: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(['init', 'x-1.tar.gz', '--trial', ...words], terminal)
  const file = join(directory, 'landfall.yaml')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  return { code, ...printed, text }
}

const SERVER = `import os, socket, sys, time
held = []
for address, port in (('0.0.0.0', 18080), ('127.0.0.1', 18005)):
    one = socket.socket()
    one.bind((address, port))
    one.listen()
    held.append(one)
print('seen:', sorted(os.environ), os.getcwd(), os.path.exists(sys.argv[1]))
open('wrote', 'w').close()
time.sleep(3600)
`

/** The processes of this machine that have a text in their arguments. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}

/** Runs with other programs in PATH. */
async function withPath<T>(path: string, act: () => Promise<T>): Promise<T> {
  const { PATH } = process.env
  process.env.PATH = path
  try {
    return await act()
  } finally {
    process.env.PATH = PATH
  }
}

const NAMESPACES = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child', 'true']
const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
const can =
  spawnSync('unshare', [...asUser, ...NAMESPACES]).status === 0 &&
  spawnSync('python3', ['--version']).status === 0

describe.skipIf(!can)('a trial run (needs namespaces and python3)', () => {
  test('the sockets of a program in the background are suggestions, and nothing of it is left', {
    timeout: 60_000,
  }, async () => {
    const mark = `trial-${process.pid}-${Date.now()}`
    const directory = project(`#!/bin/sh\npython3 bin/server.py "$PWD" ${mark} &\n`, {
      'bin/server.py': SERVER,
    })
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('landfall-trial-'))
    const { code, stdout, text } = await trial(directory)
    expect([code, stdout]).toEqual([
      0,
      'listened on 18005 in a trial run, for its own machine only\nlistened on 18080 in a trial run\nWrote landfall.yaml.\n',
    ])
    expect(text).toContain('    # It listened on 18080 in a trial run.\n')
    expect(text).toContain(
      '    # It listened on 18005 for its own machine only, which no other pod reaches.\n',
    )
    expect(text).toContain('    #ports: [18080]\n')
    expect(text).toContain('    #ready: { tcp: "localhost:18080" }\n')
    expect(processesWith(mark)).toEqual([])
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('landfall-trial-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })

  test('a program that ends is one that listens on nothing, with what it printed; it sees no file, variable or network of the user', {
    timeout: 60_000,
  }, async () => {
    const secret = join(scratch, 'secret')
    writeFileSync(secret, 'x')
    const directory = project(`#!/bin/sh
[ -e ${secret} ] && echo "sees the file"
touch /usr/trial /etc/trial 2>/dev/null && echo "writes to the machine"
env | grep -v -E '^(PATH|HOME|PWD|LANG|SHLVL|OLDPWD|_|JAVA_HOME)=' && echo "sees a variable"
grep -c : /proc/net/dev
echo "no licence" >&2
exit 3
`)
    const { code, stdout, text } = await trial(directory)
    expect([code, stdout]).toEqual([
      0,
      'listened on no port in a trial run; its last output:\n  | 1\n  | no licence\nWrote landfall.yaml.\n',
    ])
    expect(text).toContain('# In a trial run, it listened on no port that other pods reach.\n')
    expect(existsSync('/usr/trial') || existsSync('/etc/trial')).toBe(false)
  })

  test('a program that goes on without listening is ended with all that it has started when the time is over', {
    timeout: 60_000,
  }, async () => {
    const mark = `trial-limit-${process.pid}-${Date.now()}`
    const directory = project(`#!/bin/sh
trap '' TERM INT HUP
setsid sh -c "trap '' TERM; while :; do sleep 1; done" ${mark} &
echo waiting for the database
while :; do sleep 1; done
`)
    const archive = join(directory, 'x-1.tar.gz')
    const scan = await scanTarball(archive)
    const found = await trialRun(archive, scan, inspectTarball(scan, 'x-1.tar.gz'), 2)
    expect(found).toEqual({ listened: [], settled: false, output: ['waiting for the database'] })
    expect(processesWith(mark)).toEqual([])
  })

  test('a program that needs Java is not started where there is none, and nothing is written', async () => {
    const tools = mkdtempSync(join(scratch, 'tools-'))
    for (const name of ['unshare', 'sh', 'true']) symlinkSync(`/usr/bin/${name}`, join(tools, name))
    const directory = project('#!/bin/sh\njava Main &\n', {
      'lib/x.class': '\u00ca\u00fe\u00ba\u00be\0\0\0\u003d\0\u0001',
    })
    const { code, stderr, text } = await withPath(tools, () => trial(directory))
    expect([code, text]).toEqual([2, undefined])
    expect(stderr).toContain('its program needs Java, which is not on this machine')
  })
})

test('without unshare, the program is not started, and nothing is written', async () => {
  const directory = project('#!/bin/sh\n')
  const { code, stderr, text } = await withPath(join(scratch, 'nowhere'), () => trial(directory))
  expect([code, text]).toEqual([2, undefined])
  expect(stderr).toContain(
    'the tarball is not started for a trial: the program unshare (util-linux) is missing',
  )
})
