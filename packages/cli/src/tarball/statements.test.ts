import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-statements-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const COMPOSE = `name: shop
services:
  db: { image: "mariadb:10.11", environment: { MARIADB_ROOT_PASSWORD: a-long-secret-1 }, restart: always }
  node: { image: "node:4", restart: always }
`

async function landfall(settings: string, ...words: string[]) {
  const directory = mkdtempSync(join(scratch, 'project-'))
  mkdirSync(join(directory, 'sql'))
  writeFileSync(join(directory, 'compose.yaml'), COMPOSE)
  writeFileSync(join(directory, 'sql/a.sql'), 'CREATE TABLE node (id INT);\n')
  writeFileSync(join(directory, 'landfall.yaml'), `services:\n${settings}`)
  const tree = join(directory, '.tree')
  mkdirSync(join(tree, 'x-1/lib'), { recursive: true })
  writeFileSync(join(tree, 'schema.sql'), 'CREATE TABLE inner_table (id INT);\n')
  for (const [file, from, content] of [
    ['.tree/x-1/lib/y.tar', tree, 'schema.sql'],
    ['x.tar.gz', tree, 'x-1'],
  ] as const)
    expect(spawnSync('tar', ['-caf', join(directory, file), '-C', from, content]).status).toBe(0)
  const { terminal, printed } = quietTerminal(directory)
  const env = { ...terminal.env, XDG_CACHE_HOME: join(directory, 'cache') }
  return { code: await run(words, { ...terminal, env }), ...printed }
}

test('a one-shot with statements need not be in the Compose file', async () => {
  const settings = '  schema: { sql: { to: db, file: ./sql/a.sql, unless: SELECT 1 FROM node } }\n'
  const { code, stdout } = await landfall(settings, 'convert', '.', '--offline', '-o', '-')
  expect(code).toBe(0)
  const job = stdout.split('\n---\n').find((object) => object.includes('kind: Job\n')) ?? ''
  expect(job).toContain('image: mariadb:10.11\n')
  expect(job).toContain('name: wait-for-db\n')
  expect(job).toContain('mountPath: /landfall/sql/statements.sql\n')
  expect(job).toContain('key: MARIADB_ROOT_PASSWORD\n')
  expect(stdout).toContain('CREATE TABLE node (id INT);')
  expect(stdout).not.toContain('a-long-secret-1')
})

test('statements of a file in an archive of an archive', async () => {
  const settings =
    '  schema: { sql: { to: db, file: "./x.tar.gz!/lib/y.tar!/schema.sql", unless: SELECT 1 FROM node } }\n'
  const { code, stdout } = await landfall(settings, 'convert', '.', '--offline', '-o', '-')
  expect(code).toBe(0)
  expect(stdout).toContain('CREATE TABLE inner_table (id INT);')
  expect(stdout).not.toContain(scratch)
})

test.each([
  [
    '  schema: { sql: { to: db, file: "x.tar.gz!/lib/z.jar!/schema.sql" } }\n',
    '2:28: error: x.tar.gz!/lib/z.jar!/schema.sql: lib/z.jar is not in it',
  ],
  [
    '  schema: { sql: { to: db, file: "x.tar.gz!/lib/y.tar!/a.sql" } }\n',
    '2:28: error: x.tar.gz!/lib/y.tar!/a.sql: lib/y.tar!/a.sql is not in it',
  ],
  [
    '  schema: { sql: { to: db, file: "no.tar.gz!/a.sql" } }\n',
    '2:28: error: no.tar.gz!/a.sql: it does not exist',
  ],
  [
    '  schema: { sql: { to: db, file: ./b.sql } }\n',
    '2:13: error: schema: the file ./b.sql does not exist',
  ],
  ['  schema: { sql: { to: db } }\n', '2:13: error: schema: sql has either run or file'],
  [
    '  schema: { sql: { to: dp, run: "SELECT 1;" } }\n',
    '2:13: error: schema: dp is neither a service',
  ],
  ['  node: { before: [{ image: x }] }\n', '2:20: error: node: a step has either command or sql'],
  ['  node: { before: [{ command: [] }] }\n', '2:22: error: node: the command is empty'],
  [
    '  node: { before: [{ sql: { to: node, run: "A;" } }] }\n',
    '2:22: error: node: node is not known to be MySQL',
  ],
  [
    '  node: { identity: { from: 1 } }\n',
    '2:11: error: node has an identity and no number of copies',
  ],
  [
    '  node: { ports: [30087 + identity] }\n',
    '2:19: error: 30087 + identity needs copies with numbers',
  ],
])('%s is an error at its place', async (settings, text) => {
  const { code, stdout } = await landfall(settings, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(`landfall.yaml:${text}`)
})
