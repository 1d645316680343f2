import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { editFile, setValue } from '../../edits/edit.ts'
import type { ServicePlan } from '../../plan/plan.ts'
import type { FileFormat } from '../../settings/landfall-file.ts'
import { placeholder, withQuotes } from '../file-edits/late-values.ts'
import { COMPLETE } from './complete.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'complete-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** The program as the init container runs it; awk of this machine stands in for that of busybox. */
function complete(
  text: string,
  values: readonly string[],
): { text: string; errors: string; status: number | null } {
  const file = join(directory, 'file')
  writeFileSync(file, text)
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `set -e\nbusybox() { "$@"; }\n${COMPLETE}\ncomplete "$1"`, 'files', file],
    {
      env: {
        PATH: process.env.PATH,
        ...Object.fromEntries(values.map((value, index) => [`LANDFALL_VALUE_${index}`, value])),
      },
      encoding: 'utf8',
    },
  )
  return { text: readFileSync(file, 'utf8'), errors: stderr, status }
}

/** A file in which a path is set to a value of a Secret. */
function template(text: string, format: FileFormat, pointer: string): string {
  const plan = { fileValues: [{ pod: 'ip' }] } as unknown as ServicePlan
  const token = placeholder(plan, { secret: 'a', key: 'b' }, format)
  const edited = editFile(Buffer.from(text), pointer, (before) => {
    const after = setValue(before, format, pointer, token)
    return 'text' in after ? { text: withQuotes(after.text, token, format) } : after
  })
  return 'bytes' in edited ? Buffer.from(edited.bytes).toString() : edited.message
}

const VALUES = [
  'simple',
  `a"b'c\\d$e\`f & <g>`,
  ' \ttab',
  'two\nlines\r\n',
  '\\u0041 %s &',
  'ü😀',
  '',
]

const READ: readonly [
  FileFormat,
  text: string,
  pointer: string,
  read: (text: string) => unknown,
][] = [
  ['json', '{ "a": "x", "b": 1 }', '/a', (text) => JSON.parse(text).a],
  ['json', "{ a: 'x' }", '/a', (text) => JSON.parse(text.replace('{ a', '{ "a"')).a],
  ['json', '{ "b": 1 }', '/a', (text) => JSON.parse(text).a],
  ['yaml', 'b: 1\na: x # kept\n', '/a', (text) => parse(text).a],
  ['yaml', "a: 'x'\n", '/a', (text) => parse(text).a],
  ['yaml', 'b: 1\n', '/c/a', (text) => parse(text).c.a],
  ['toml', "a = 'x'\n", '/a', (text) => getStaticTOMLValue(parseTOML(text)).a],
  [
    'xml',
    '<c><a/></c>',
    '/c/a',
    (text) =>
      text
        .slice('<c><a>'.length, -'</a></c>'.length)
        .replace(
          /&(lt|gt|quot|apos);/g,
          (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name as 'lt'],
        )
        .replaceAll('&amp;', '&'),
  ],
  [
    'properties',
    'b=1\na=x\n',
    '/a',
    (text) =>
      text
        .slice('b=1\na='.length, -1)
        .replace(/\\(.)/g, (_, c) => ({ n: '\n', r: '\r' })[c as 'n'] ?? c),
  ],
]

test.each(
  READ.flatMap(([format, text, pointer, read]) =>
    VALUES.map((value) => [format, text, value, pointer, read] as const),
  ),
)('%s %j takes the value %j unchanged', (format, text, value, pointer, read) => {
  const written = template(text, format, pointer)
  expect(written).toContain('__LANDFALL_')
  const done = complete(written, ['10.0.0.1', value])
  expect(done).toMatchObject({ errors: '', status: 0 })
  expect(read(done.text)).toBe(value)
})

test.each(['simple', `a"b\\d$e\`f`])(
  'a shell reads the value %j of a file of variables',
  (value) => {
    const { text } = complete(template('A=x\n', 'env', '/A'), ['', value])
    const file = join(directory, 'variables')
    writeFileSync(file, text)
    expect(
      execFileSync('sh', ['-c', '. "$1"; printf %s "$A"', 'read', file], { encoding: 'utf8' }),
    ).toBe(value)
  },
)

test('the value of an INI file ends with its line', () => {
  expect(complete(template('[s]\na = x\nb = "y"\n', 'ini', '/s/b'), ['', 'p"q']).text).toBe(
    '[s]\na = x\nb = "p\\"q"\n',
  )
  const refused = complete(template('[s]\na = x\n', 'ini', '/s/a'), ['', 'secret\nline'])
  expect(refused.status).not.toBe(0)
  expect(refused.errors).toMatch(/cannot write the values into .*: does one have a line break\?/)
  expect(refused.errors).not.toContain('secret')
})

test('everything else stays: other text, the end of the file, the mode', () => {
  const before = '{"a": "__LANDFALL_json_0__", "b": "__LANDFALL_json_0__",\n\n"c": "\\\\ & %d"}'
  const { text } = complete(before, ['&\\'])
  expect(text).toBe('{"a": "&\\\\", "b": "&\\\\",\n\n"c": "\\\\ & %d"}')
  expect(statSync(join(directory, 'file')).isFile()).toBe(true)
})

test('a value that looks like a place for another one is not replaced', () => {
  expect(
    complete('"__LANDFALL_json_0__ __LANDFALL_json_1__"', ['__LANDFALL_json_1__', 'x']).text,
  ).toBe('"__LANDFALL_json_1__ x"')
})
