import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '@landfall/testkit'
import { afterAll, expect, test, vi } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 60_000 })

/** Stands in every place of cases/planted-secret that can hold a secret. */
const SECRET = 'PLANTED-b7f3'

const directory = mkdtempSync(join(tmpdir(), 'landfall-secrets-'))
afterAll(() => rmSync(directory, { recursive: true }))
cpSync(`${repository}packages/cli/cases/planted-secret`, directory, { recursive: true })
const login = { auth: btoa(`me:${SECRET}`) }
mkdirSync(join(directory, '.docker'))
writeFileSync(
  join(directory, '.docker/config.json'),
  JSON.stringify({
    auths: { 'registry.example.com': login, 'https://index.docker.io/v1/': login },
  }),
)

/** Nothing leaves this machine: the proxy is a port on which nothing listens. */
const env = {
  HOME: directory,
  SHELL_SECRET: SECRET,
  HTTPS_PROXY: `http://me:${SECRET}@127.0.0.1:1`,
  HTTP_PROXY: `http://me:${SECRET}@127.0.0.1:1`,
}

async function landfall(...args: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run([...args, '--output', 'json'], { ...terminal, env })
  const lines = printed.stdout.trimEnd().split('\n')
  return { code, stdout: printed.stdout, last: JSON.parse(lines.at(-1) ?? '{}') }
}

/** Neither as it is nor in base64, at any of the three offsets. */
function expectNoSecret(text: string): void {
  const encoded = ['', 'x', 'xx'].map((before) =>
    btoa(before + SECRET).slice(before.length === 0 ? 0 : 4, -4),
  )
  for (const form of [SECRET, ...encoded]) expect(text).not.toContain(form)
}

test.each([
  ['check', [], 'checked'],
  ['plan', ['--offline'], 'plan'],
  ['convert', ['--offline', '-o', 'out', '--ledger', 'ledger.json'], 'written'],
  ['lock', [], 'lock'],
  ['up', ['--offline'], 'drop'],
  ['status', [], 'error'],
  ['logs', [], 'error'],
])('%s prints no secret for programs', async (command, args, last) => {
  const printed = await landfall(command, ...args)
  expect(printed.last.type, printed.stdout).toBe(last)
  expectNoSecret(printed.stdout)
  if (command === 'convert') expectNoSecret(readFileSync(join(directory, 'ledger.json'), 'utf8'))
})
