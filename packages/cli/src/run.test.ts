import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { quietTerminal } from './quiet-terminal.ts'
import { run } from './run.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 60_000 })

test.each([
  [['covnert'], /unknown command 'covnert'\n {2}hint: did you mean convert\?/],
  [['plan', '--profil', 'x'], /unknown option '--profil'\n {2}hint: did you mean --profile\?/],
  [['convert'], /--out </],
  [['plan', 'no-such-folder'], /no such file or directory: no-such-folder/],
])('%j is wrong usage: exit 2, and no stack', async (args, message) => {
  const { terminal, printed } = quietTerminal()
  expect(await run(args, terminal)).toBe(2)
  expect(printed.stderr).toMatch(message)
  expect(printed.stderr).not.toMatch(/^\s+at /m)
  expect(printed.stdout).toBe('')
})

test('without arguments the help is printed', async () => {
  const { terminal, printed } = quietTerminal()
  expect(await run([], terminal)).toBe(0)
  expect(printed.stdout).toMatch(/^Usage: landfall /)
})

test('a bug ends with its stack and exit code 70', async () => {
  const { terminal, printed } = quietTerminal()
  const broken = () => {
    throw new TypeError('x is not a function')
  }
  const code = await run(['explain'], {
    ...terminal,
    content: { ...terminal.content, write: broken },
  })
  expect(code).toBe(70)
  expect(printed.stderr).toMatch(/^landfall: this is a bug in Landfall[\s\S]*\n {4}at /)
})

test('an interruption ends with exit code 130', async () => {
  const home = mkdtempSync(join(tmpdir(), 'landfall-run-'))
  mkdirSync(join(home, '.kube'))
  const server = { clusters: [{ name: 'far', cluster: { server: 'http://127.0.0.1:1' } }] }
  const context = { name: 'far', context: { cluster: 'far', user: 'me' } }
  const config = { ...server, contexts: [context], 'current-context': 'far', users: [] }
  writeFileSync(join(home, '.kube/config'), JSON.stringify(config))
  const { terminal, printed } = quietTerminal()
  const interrupted = { ...terminal, env: { HOME: home }, interruption: () => AbortSignal.abort() }
  expect(await run(['down', '-p', 'demo'], interrupted)).toBe(130)
  expect(printed.stderr).toMatch(/^landfall: interrupted; run the command again to continue\n/)
  rmSync(home, { recursive: true })
})
