import { expect, test, vi } from 'vitest'
import { run } from './run.ts'
import type { Terminal } from './terminal.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 60_000 })

/** A terminal of nobody, with what was written to it. */
function quietTerminal(): { terminal: Terminal; printed: { stdout: string; stderr: string } } {
  const printed = { stdout: '', stderr: '' }
  const writer = (stream: keyof typeof printed) => ({
    write: (text: string) => {
      printed[stream] += text
    },
    columns: undefined,
    rows: undefined,
  })
  const terminal: Terminal = {
    cwd: '/',
    env: {},
    stdout: writer('stdout'),
    stderr: writer('stderr'),
    now: () => 0,
    interruption: () => new AbortController().signal,
    exitCode: 0,
  }
  return { terminal, printed }
}

test.each([
  [['covnert'], /unknown command 'covnert'\n {2}hint: did you mean convert\?/],
  [['plan', '--profil', 'x'], /unknown option '--profil'\n {2}hint: did you mean --profile\?/],
  [['convert'], /--output-directory/],
  [['plan', 'no-such-folder'], /no file or folder no-such-folder/],
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
