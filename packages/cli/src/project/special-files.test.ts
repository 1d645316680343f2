import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-special-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A directory with a file, a FIFO without a writer, and a socket. */
async function directoryWithSpecials(path: string): Promise<() => void> {
  mkdirSync(path)
  writeFileSync(join(path, 'file'), 'content')
  execFileSync('mkfifo', [join(path, 'pipe')])
  const server = createServer()
  await new Promise<void>((listening) => server.listen(join(path, 'sock'), listening))
  return () => server.close()
}

test('FIFOs and sockets in mounted directories and build contexts are reported and never read', async () => {
  writeFileSync(
    join(scratch, 'compose.yaml'),
    `services:
  web: { image: a, volumes: ["./config:/etc/app:ro"] }
  db: { image: a, volumes: ["./data:/data"] }
  made: { build: ./context }
`,
  )
  const closed = []
  for (const name of ['config', 'data', 'context'])
    closed.push(await directoryWithSpecials(join(scratch, name)))
  writeFileSync(join(scratch, 'context/Dockerfile'), 'FROM a\nCOPY . .\n')

  const { terminal, printed } = quietTerminal(scratch)
  expect(await run(['check'], terminal)).toBe(0)
  expect(await run(['convert', '--offline', '-o', 'out'], terminal)).toBe(0)
  for (const close of closed) close()

  expect(printed.stdout.match(/note: .*special-files/g)).toEqual([
    'note: ./config is deployed without its FIFOs, sockets and devices: pipe, sock (services.web) [convert/special-files',
    'note: ./data is deployed without its FIFOs, sockets and devices: pipe, sock (services.db) [convert/special-files',
    'note: FIFOs, sockets and devices in the build context are not read: pipe, sock (services.made.build.context) [convert/special-files',
  ])
  const objects = readdirSync(join(scratch, 'out'))
    .map((name) => readFileSync(join(scratch, 'out', name), 'utf8'))
    .join('')
  expect(objects).toContain('content')
  expect(objects).not.toMatch(/pipe|sock/)
})
