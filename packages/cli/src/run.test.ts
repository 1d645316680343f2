import { expect, test, vi } from 'vitest'
import { quietTerminal } from './quiet-terminal.ts'
import { run } from './run.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 60_000 })

test.each([
  [['covnert'], /unknown command 'covnert'\n {2}hint: did you mean convert\?/],
  [['plan', '--profil', 'x'], /unknown option '--profil'\n {2}hint: did you mean --profile\?/],
  [['convert'], /--output-directory/],
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
