import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-address-'))
let server: Server
let address = ''
let requests: string[] = []
let archive = Buffer.alloc(0)

beforeAll(async () => {
  const tree = join(scratch, 'x-1.2')
  mkdirSync(join(tree, 'bin'), { recursive: true })
  mkdirSync(join(tree, 'conf'))
  writeFileSync(join(tree, 'bin/startup.sh'), '#!/bin/sh\njava Main &\n', { mode: 0o755 })
  writeFileSync(join(tree, 'conf/x.properties'), 'port = 8080\n')
  const packed = spawnSync('tar', ['-cz', '-C', scratch, 'x-1.2'])
  archive = packed.stdout
  server = createServer((request, answer) => {
    requests.push(request.url ?? '')
    if (request.url?.startsWith('/x-1.2.tar.gz')) answer.end(archive)
    else answer.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x-1.2.tar.gz`
})
beforeEach(() => {
  requests = []
})
afterAll(() => {
  server.close()
  rmSync(scratch, { recursive: true })
})

const sum = (algorithm: string): string =>
  `${algorithm}:${createHash(algorithm).update(archive).digest('hex')}`

/** A directory with this landfall.yaml. */
function project(settings?: string): string {
  const directory = join(mkdtempSync(join(scratch, 'project-')), 'shop')
  mkdirSync(directory)
  if (settings !== undefined) writeFileSync(join(directory, 'landfall.yaml'), settings)
  return directory
}

async function landfall(directory: string, ...args: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const env = { ...terminal.env, XDG_CACHE_HOME: join(directory, '../cache') }
  const code = await run(args, { ...terminal, env })
  return { code, ...printed }
}

const settings = (checksum: string, more = '') =>
  `services:\n  x:\n    tarball: ${address}\n${checksum === '' ? '' : `    checksum: ${checksum}\n`}    java: 17\n${more}`

test('a tarball of an address is downloaded once, verified, and its files are edited', async () => {
  const files = '    files: { conf/x.properties: { set: { /port: 9090 } } }\n'
  const directory = project(settings(sum('sha256'), files))
  const first = await landfall(directory, 'convert', '.', '-o', '-')
  expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining('error')])
  expect(first.stdout).toContain('image: shop-x\n')
  expect(first.stdout).toContain('port = 9090\n')
  expect(first.stdout).toContain('mountPath: /opt/x/conf/x.properties\n')
  expect(first.stdout).not.toContain(scratch)
  const again = await landfall(directory, 'convert', '.', '--offline', '-o', '-')
  expect(again.stdout).toBe(first.stdout)
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
  const recipe = await landfall(directory, 'containerize', '.', '-o', 'recipe')
  expect(recipe.code).toBe(0)
  expect(existsSync(join(directory, 'recipe/small/bin/startup.sh'))).toBe(true)
  expect(requests).toEqual(['/x-1.2.tar.gz'])
})

test('without a checksum, the error has the line to add; with it, nothing is downloaded again', async () => {
  const directory = project(settings(''))
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(
    `landfall.yaml:3:5: error: ${address}: it has no checksum, by which another file in its place would be noticed`,
  )
  expect(stdout).toContain(
    `hint: if the file is what you expect, add this line: checksum: ${sum('sha512')}\n`,
  )
  const [, line = ''] = /add this line: (.*)/.exec(stdout) ?? []
  writeFileSync(
    join(directory, 'landfall.yaml'),
    settings('').replace('    java', `    ${line}\n    java`),
  )
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
  expect(requests).toHaveLength(1)
})

test('another file than stated is an error at the checksum with both, and is not used', async () => {
  const other = `sha256:${'0'.repeat(64)}`
  const directory = project(settings(other))
  const { code, stderr } = await landfall(directory, 'plan', '.')
  expect(code).toBe(1)
  expect(stderr).toContain(
    `landfall.yaml:4:5: error: ${address}: its checksum is ${sum('sha256')}, not ${other}`,
  )
  expect(existsSync(join(directory, '../cache/landfall/tarballs'))).toBe(false)
})

test.each([
  [
    'sha1:0123',
    'checksums with sha1 are not accepted, because a file with the same one can be made',
  ],
  ['md5:0123', 'checksums with md5 are not accepted'],
  ['sha512:0123', 'sha512:0123 is not a checksum'],
])('%s is not accepted, and nothing is downloaded', async (checksum, message) => {
  const { code, stdout } = await landfall(project(settings(checksum)), 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(`landfall.yaml:4:5: error: ${address}: ${message}`)
  expect(stdout).toContain('(services.x.checksum) [containerize/invalid-checksum]')
  expect(requests).toEqual([])
})

test('an address that does not respond, and one that is not downloaded, are errors at their line', async () => {
  const text = settings(sum('sha256'))
  const absent = await landfall(project(text.replace('x-1.2.tar', 'y.tar')), 'check', '.')
  expect(absent.code).toBe(1)
  expect(absent.stdout).toContain('y.tar.gz: it cannot be downloaded: the server responds with 404')
  const offline = await landfall(project(text), 'plan', '.', '--offline')
  expect(offline.code).toBe(1)
  expect(offline.stderr).toContain('it is not in the cache, and nothing is downloaded')
  expect(offline.stderr).toContain('hint: run the command once without --offline')
})

test('the checksum of a file of the project is verified as well', async () => {
  const directory = project()
  writeFileSync(join(directory, 'x-1.2.tar.gz'), archive)
  const write = (checksum: string) =>
    writeFileSync(
      join(directory, 'landfall.yaml'),
      settings(checksum).replace(address, './x-1.2.tar.gz'),
    )
  write(sum('sha512'))
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
  write(`sha512:${'0'.repeat(128)}`)
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain('landfall.yaml:4:5: error: ./x-1.2.tar.gz: its checksum is sha512:')
})

test('check and init accept an address; the first landfall.yaml has its checksum', async () => {
  const directory = project()
  const { code, stdout } = await landfall(directory, 'check', `${address}?token=hunter2`)
  expect(code).toBe(0)
  expect(stdout).toContain('x-1.2.tar.gz: x 1.2 (tar.gz, 2 files')
  expect(stdout).toContain(`checksum  ${sum('sha512')}\n`)
  expect(stdout).not.toContain('hunter2')
  expect((await landfall(directory, 'init', address)).code).toBe(0)
  const text = readFileSync(join(directory, 'landfall.yaml'), 'utf8')
  expect(text).toContain(`tarball: ${address}\n`)
  expect(text).toContain(`checksum: ${sum('sha512')}\n`)
  writeFileSync(join(directory, 'landfall.yaml'), text.replace('#java', 'java'))
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
})
