import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SQL_SCRIPT } from './sql-script.ts'

// A real shell, with a client that answers as MariaDB and PostgreSQL do and keeps what was sent.

const root = mkdtempSync(join(tmpdir(), 'landfall-sql-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const UNLESS = 'SELECT 1 FROM node'

/** A database: its first answers to `SELECT 1`, its answer to the query of `unless`, and that after the statements. */
interface Database {
  connects?: string[]
  before: string
  after?: string
  fails?: string
}

function run(client: 'mysql' | 'postgres', database: Database, file = false) {
  const directory = mkdtempSync(join(root, 'db-'))
  const at = (name: string) => join(directory, name)
  writeFileSync(at('connects'), (database.connects ?? []).map((line) => `${line}\n`).join(''))
  writeFileSync(at('unless'), database.before)
  writeFileSync(at('after'), database.after ?? database.before)
  writeFileSync(at('sent'), '')
  writeFileSync(at('statements.sql'), 'CREATE TABLE node (id INT);\n')
  const answer = `
[ "$MYSQL_PWD$PGPASSWORD" = swordfish ] || { echo 'no password' >&2; exit 9; }
case "$*" in
  *'SELECT 1 FROM node'*)
    text=$(cat ${directory}/unless)
    case $text in ERROR*|*'does not exist'*) echo "$text" >&2; exit 1 ;; '') exit 0 ;; esac
    echo "$text" ;;
  *'SELECT 1'*)
    line=$(head -n 1 ${directory}/connects)
    sed -i 1d ${directory}/connects
    [ -z "$line" ] || { echo "$line" >&2; exit 1; } ;;
  *)
    cat >> ${directory}/sent
    ${database.fails === undefined ? '' : `echo '${database.fails}' >&2; exit 1`}
    cp ${directory}/after ${directory}/unless ;;
esac
`
  const program = at(client === 'mysql' ? 'mysql' : 'psql')
  writeFileSync(program, `#!/bin/sh${answer}`)
  writeFileSync(at('sleep'), '#!/bin/sh\n')
  chmodSync(program, 0o755)
  chmodSync(at('sleep'), 0o755)
  const env = {
    PATH: `${directory}:/usr/bin:/bin`,
    ...{ SQL_USER: 'me', SQL_PASSWORD: 'swordfish', SQL_DATABASE: 'otter', SQL_UNLESS: UNLESS },
    ...(file
      ? { SQL_FILE: at('statements.sql') }
      : { SQL_RUN: "INSERT INTO node VALUES (1, 'a\"b');" }),
  }
  const words = ['-c', SQL_SCRIPT, 'sql', client, 'db', '3306', 'SQL']
  const { status, stdout, stderr } = spawnSync('sh', words, { env, encoding: 'utf8' })
  return { status, stdout, stderr, sent: readFileSync(at('sent'), 'utf8') }
}

const MISSING = "ERROR 1146 (42S02): Table 'otter.node' doesn't exist"

test('it waits for the server, sends the statements when the table is missing, and tests that they did it', () => {
  const connects = ["ERROR 2002: Can't connect", "ERROR 2002: Can't connect"]
  expect(run('mysql', { connects, before: MISSING, after: '1' }, true)).toEqual({
    status: 0,
    stdout: "waiting for db: ERROR 2002: Can't connect\ndone\n",
    stderr: '',
    sent: 'CREATE TABLE node (id INT);\n',
  })
})

test('nothing is sent when the query gives a row', () => {
  const { status, stdout, sent } = run('mysql', { before: '1' })
  expect({ status, stdout, sent }).toEqual({
    status: 0,
    stdout: `nothing to do: ${UNLESS} gives a row\n`,
    sent: '',
  })
})

test('statements of landfall.yaml are sent as they are, by PostgreSQL as well', () => {
  const before = 'ERROR:  relation "node" does not exist'
  const { status, sent } = run('postgres', { before, after: '1' })
  expect({ status, sent }).toEqual({ status: 0, sent: "INSERT INTO node VALUES (1, 'a\"b');\n" })
})

test.each([
  [
    'a login that is refused',
    { connects: ['ERROR 1045: Access denied'], before: '' },
    'Access denied',
  ],
  [
    'a query that is wrong',
    { before: 'ERROR 1064: syntax' },
    'the query of unless fails: ERROR 1064',
  ],
  ['statements that fail', { before: '', fails: 'ERROR 1062: Duplicate' }, 'Duplicate'],
  ['a query that gives no row afterwards', { before: '' }, 'would run again each time'],
] as const)('%s is an error', (_, database, text) => {
  const { status, stderr } = run('mysql', database as Database)
  expect(status).toBe(1)
  expect(stderr).toContain(text)
})
