import { describe, expect, test } from 'vitest'
import type { FileFormat } from '../settings/landfall-file.ts'
import { deleteValue, editFile, formatOf, setValue } from './edit.ts'

const JSON_TEXT = `{
\t// where to send
\t"rabbitmq": { "host_ip": "localhost", "ports": [5671, 5672,], },
\t"a/b": { "~": null }, "on": true /* kept */
}
`
const JSON5_TEXT = `// head
{
  host: 'it\\'s', // kept
  'quoted key': +1,
  hex: 0x1F, half: .5, never: Infinity,
  hosts: ['a', "b",],
  text: "two \\
lines",
}
`
const YAML_TEXT = `# head
server:
  host: localhost   # kept
  port: 8080
  "quoted": 'it''s'
  list: [a, b]
  block:
    - one
    - two
  empty:
tail: x
---
second: yes
`
const TOML_TEXT = `title = "x" # kept
[server.main]
host = 'localhost'
port = 8080
tags = [ "a", "b]", # kept
  "c" ]
"a.b".c = true
ratio = 1.5
limits = { memory.max = 1, names = ["x", 'y'] } # kept
since = 1979-05-27
[[peer]]
name = "first"
[[peer]]
name = """second
line"""
`
const INI_TEXT = `top = 1
[server]
; host = no
host = localhost ; kept
path = "a b"
[server.tls]
host: other
`
const PROPERTIES_TEXT = `# a comment
server.port=8080
otter.domainName = localhost
long.value = a, \\
   b
last:x
`
const XML_TEXT = `<?xml version="1.0"?>
<!-- <server><port>1</port></server> -->
<server mode="dev">
  <port>8080</port>
  <bean id='a'>one</bean>
  <bean id="b">two</bean>
  <none/>
</server>
`
const ENV_TEXT = `# comment
export HOST=localhost # kept
NAME="a b"
EMPTY=
`

const cases: [FileFormat, string, string, unknown, string, string][] = [
  ['json', JSON_TEXT, '/rabbitmq/host_ip', 'mq', '"localhost"', '"mq"'],
  ['json', JSON_TEXT, '/rabbitmq/ports/1', 5673, '5672', '5673'],
  ['json', JSON_TEXT, '/rabbitmq/ports', [1], '[5671, 5672,]', '[1]'],
  ['json', JSON_TEXT, '/a~1b/~0', 'x', 'null', '"x"'],
  ['json', JSON_TEXT, '/on', false, 'true', 'false'],
  ['json', JSON5_TEXT, '/host', 'o\'k "x"', "'it\\'s'", `'o\\'k "x"'`],
  ['json', JSON5_TEXT, '/quoted key', 2, '+1', '2'],
  ['json', JSON5_TEXT, '/hex', 32, '0x1F', '32'],
  ['json', JSON5_TEXT, '/half', 1, '.5', '1'],
  ['json', JSON5_TEXT, '/never', 5, 'Infinity', '5'],
  ['json', JSON5_TEXT, '/hosts/1', 'c', '"b"', '"c"'],
  ['json', JSON5_TEXT, '/text', 'one', '"two \\\nlines"', '"one"'],
  ['json', '{ "a": 1, "a": 2 }', '/a', 3, '2', '3'],
  ['yaml', YAML_TEXT, '/server/host', 'mq', 'localhost', 'mq'],
  ['yaml', YAML_TEXT, '/server/host', '5', 'localhost', '"5"'],
  ['yaml', YAML_TEXT, '/server/port', 9090, '8080', '9090'],
  ['yaml', YAML_TEXT, '/server/quoted', "o'k", "'it''s'", "'o''k'"],
  ['yaml', YAML_TEXT, '/server/list/1', 'c', 'b]', 'c]'],
  ['yaml', YAML_TEXT, '/server/block/0', 'zero', '- one', '- zero'],
  ['yaml', YAML_TEXT, '/server/empty', 'full', 'empty:', 'empty: full'],
  ['yaml', 'a: |\n  one\n  two\n\nb: x\n', '/a', 'y', '|\n  one\n  two', 'y'],
  ['yaml', 'a:\n- >-\n  one\n- x\n', '/a/0', 'y', '>-\n  one', 'y'],
  ['yaml', YAML_TEXT, '/second', 'no', 'second: yes', 'second: no'],
  ['toml', TOML_TEXT, '/title', 'y', '"x"', '"y"'],
  ['toml', TOML_TEXT, '/server/main/host', 'mq', "'localhost'", '"mq"'],
  ['toml', TOML_TEXT, '/server/main/port', 1, '8080', '1'],
  ['toml', TOML_TEXT, '/server/main/a.b/c', false, 'true', 'false'],
  ['toml', TOML_TEXT, '/server/main/tags/1', 'd', '"b]"', '"d"'],
  ['toml', TOML_TEXT, '/server/main/ratio', 2, '1.5', '2.0'],
  ['toml', TOML_TEXT, '/server/main/limits/memory/max', 2, 'max = 1', 'max = 2'],
  ['toml', TOML_TEXT, '/server/main/limits/names/1', 'z', "'y'", '"z"'],
  ['toml', TOML_TEXT, '/server/main/since', 'x\x7f', '1979-05-27', '"x\\u007f"'],
  ['toml', '\uFEFFa = 1\r\nb = 2\r\n', '/b', 3, '2', '3'],
  ['toml', TOML_TEXT, '/peer/0/name', '1st', '"first"', '"1st"'],
  ['toml', TOML_TEXT, '/peer/1/name', '2nd', '"""second\nline"""', '"2nd"'],
  ['ini', INI_TEXT, '/server/host', 'mq', 'host = localhost', 'host = mq'],
  ['ini', INI_TEXT, '/server.tls/host', 'mq', 'other', 'mq'],
  ['ini', INI_TEXT, '/top', 2, 'top = 1', 'top = 2'],
  ['ini', INI_TEXT, '/server/path', 'c d', '"a b"', '"c d"'],
  ['properties', PROPERTIES_TEXT, '/server.port', 1, '8080', '1'],
  ['properties', PROPERTIES_TEXT, '/otter/domainName', 'otter', 'localhost', 'otter'],
  ['properties', PROPERTIES_TEXT, '/long.value', 'c', 'a, \\\n   b', 'c'],
  ['properties', PROPERTIES_TEXT, '/last', 'C:\\x', 'last:x', 'last:C:\\\\x'],
  ['xml', XML_TEXT, '/server/port', 9, '<port>8080', '<port>9'],
  ['xml', XML_TEXT, '/server/bean[2]', 'a < b', 'two', 'a &lt; b'],
  ['xml', XML_TEXT, '/server/bean/@id', 'c', "'a'", "'c'"],
  ['xml', XML_TEXT, '/server/@mode', 'prod', 'dev', 'prod'],
  ['xml', XML_TEXT, '/server/none', 'some', '<none/>', '<none>some</none>'],
  ['env', ENV_TEXT, '/HOST', 'mq', 'localhost', 'mq'],
  ['env', ENV_TEXT, '/NAME', 'c "d"', '"a b"', '"c \\"d\\""'],
  ['env', ENV_TEXT, '/EMPTY', 'a b', 'EMPTY=', "EMPTY='a b'"],
]

describe('a value is set, and the rest of the text stays', () => {
  test.each(cases)('%s %#', (format, text, pointer, value, before, after) => {
    expect(text.split(before).length).toBeGreaterThan(1)
    expect(setValue(text, format, pointer, value)).toEqual({
      text: text.replace(before, () => after),
    })
  })
})

test.each<[FileFormat, string, string, unknown, string]>([
  ['json', JSON_TEXT, '/rabbitmq/host_ip', 1, 'wrong-type'],
  ['json', JSON_TEXT, '/rabbitmq', 'x', 'wrong-type'],
  ['json', '{ "a": ', '/a', 1, 'unreadable'],
  ['yaml', YAML_TEXT, '/server/port', '8080', 'wrong-type'],
  ['yaml', 'a: [', '/a', 1, 'unreadable'],
  ['toml', TOML_TEXT, '/server/main/port', 'x', 'wrong-type'],
  ['toml', TOML_TEXT, '/server/main/port', null, 'wrong-type'],
  ['toml', '= 1', '/a', 1, 'unreadable'],
  ['toml', 'a = 1\na = 2', '/a', 1, 'unreadable'],
  ['json', '['.repeat(100_000), '/a', 1, 'unreadable'],
  ['json', `{ a: 'x }`, '/a', 'y', 'unreadable'],
  ['ini', INI_TEXT, '/server/host', ['x'], 'wrong-type'],
  ['json', JSON_TEXT, '/rabbitmq/host_ip/x', 1, 'not-found'],
  ['json', JSON_TEXT, '/rabbitmq/ports/5', 1, 'not-found'],
  ['json', JSON_TEXT, '/rabbitmq/ports/name=x', 1, 'not-found'],
  ['json', JSON_TEXT, '/new/7', 1, 'not-found'],
  ['yaml', 'a: &x { b: 1 }\nc: *x\n', '/c/d', 1, 'not-found'],
  ['toml', TOML_TEXT, '/peer', 'x', 'wrong-type'],
  ['toml', TOML_TEXT, '/title/x', 'x', 'not-found'],
  ['ini', INI_TEXT, '/server/a=b', 'x', 'not-found'],
  ['ini', INI_TEXT, '/server/new', 'a\nb', 'not-found'],
  ['xml', XML_TEXT, '/server/bean[4]', 'x', 'not-found'],
  ['xml', XML_TEXT, '/server/a b', 'x', 'not-found'],
  ['xml', XML_TEXT, '/client/host', 'x', 'not-found'],
  ['env', ENV_TEXT, '/A B', 'x', 'not-found'],
  ['xml', XML_TEXT, '/server', 'x', 'wrong-type'],
  ['xml', '<a><b></a>', '/a/c', 'x', 'unreadable'],
])('%s: %j at %s is refused for %j: %s', (format, text, pointer, value, problem) => {
  expect(setValue(text, format, pointer, value)).toMatchObject({ problem })
})

const LISTS = `servers:
  - name: a
    port: 1 # kept
  - name: b
    port: 2
tags: [x, y]
text: |+
  one

last:
`

describe('a value that is not there is added, with what is above it', () => {
  test.each<[FileFormat, string, string, unknown, string]>([
    ['json', '{ "a": { "b": 1 } }', '/a/c', 'x', '{ "a": { "b": 1, "c": "x" } }'],
    ['json', '{}', '/a/b/0/c', 1, '{"a": {"b":[{"c":1}]}}'],
    ['json', '{\n  "a": 1 // kept\n}', '/b', 2, '{\n  "a": 1,\n  "b": 2 // kept\n}'],
    ['json', '{\n  a: 1,\n}', '/b', 2, '{\n  a: 1,\n  "b": 2,\n}'],
    ['json', '{"a":[1]}', '/a/-', 2, '{"a":[1, 2]}'],
    ['json', '{"a":null}', '/a/b/c', 2, '{"a":{"b":{"c":2}}}'],
    ['json', '[{"n":"a"}]', '/n=b/p', 2, '[{"n":"a"}, {"n":"b","p":2}]'],
    [
      'yaml',
      LISTS,
      '/servers/name=b/host',
      'h',
      LISTS.replace('port: 2\n', 'port: 2\n    host: h\n'),
    ],
    ['yaml', LISTS, '/servers/name=a/host', 'h', LISTS.replace('kept\n', 'kept\n    host: h\n')],
    [
      'yaml',
      LISTS,
      '/servers/name=c/port',
      3,
      LISTS.replace('port: 2\n', 'port: 2\n  - name: c\n    port: 3\n'),
    ],
    ['yaml', LISTS, '/tags/-', 'z', LISTS.replace('y]', 'y, "z"]')],
    ['yaml', LISTS, '/new/deep', [1], `${LISTS}new:\n  deep:\n    - 1\n`],
    ['yaml', LISTS, '/last/x', 1, LISTS.replace('last:', 'last: {"x":1}')],
    ['yaml', 'a: |+\n  x\n\n', '/b', 1, 'a: |+\n  x\n\nb: 1\n'],
    ['yaml', 'a: 1\r\n', '/b', 1, 'a: 1\r\nb: 1\r\n'],
    ['yaml', '', '/b/c', 1, 'b:\n  c: 1\n'],
    ['yaml', '# only\n', '/b', 1, '# only\nb: 1\n'],
    ['yaml', 'a: 1\n---\nb: { c: 1 }\n', '/b/d', 1, 'a: 1\n---\nb: { c: 1, "d": 1 }\n'],
    [
      'toml',
      'a = 1\n[t]\nb = 1 # kept\n[u]\nc = 1\n',
      '/t/x',
      'y',
      'a = 1\n[t]\nb = 1 # kept\nx = "y"\n[u]\nc = 1\n',
    ],
    ['toml', '[t]\na = 1\n', '/x', 1, 'x = 1\n[t]\na = 1\n'],
    ['toml', '[t]\na = 1\n', '/t/b/c', 1, '[t]\na = 1\n[t.b]\nc = 1\n'],
    ['toml', 'a = { b = 1 }\n', '/a/c', 1, 'a = { b = 1, c = 1 }\n'],
    ['toml', '[[p]]\nn = "a"\n', '/p/n=b/v', 2, '[[p]]\nn = "a"\n[[p]]\nn = "b"\nv = 2\n'],
    ['toml', '[[p]]\nn = "a"\n', '/p/n=a/v', 2, '[[p]]\nn = "a"\nv = 2\n'],
    ['ini', INI_TEXT, '/server/port', 1, INI_TEXT.replace('"a b"\n', '"a b"\nport = 1\n')],
    ['ini', INI_TEXT, '/client/host', 'x', `${INI_TEXT}[client]\nhost = x\n`],
    ['ini', INI_TEXT, '/other', 'x', INI_TEXT.replace('1\n', '1\nother = x\n')],
    ['properties', PROPERTIES_TEXT, '/a b', 'x', `${PROPERTIES_TEXT}a\\ b=x\n`],
    [
      'xml',
      XML_TEXT,
      '/server/host',
      'a<b',
      XML_TEXT.replace('<none/>', '<none/>\n  <host>a&lt;b</host>'),
    ],
    [
      'xml',
      XML_TEXT,
      '/server/tls/key',
      'x',
      XML_TEXT.replace('<none/>', '<none/>\n  <tls><key>x</key></tls>'),
    ],
    [
      'xml',
      XML_TEXT,
      '/server/port/@open',
      'x',
      XML_TEXT.replace('<port>8080', '<port open="x">8080'),
    ],
    ['xml', XML_TEXT, '/server/none/a', 'x', XML_TEXT.replace('<none/>', '<none><a>x</a></none>')],
    ['env', ENV_TEXT, '/MORE', 'a b', `${ENV_TEXT}MORE='a b'\n`],
  ])('%s %j %s', (format, text, pointer, value, after) => {
    expect(setValue(text, format, pointer, value)).toEqual({ text: after, added: true })
  })
})

describe('a value is deleted, and the rest of the text stays', () => {
  test.each<[FileFormat, string, string, string]>([
    ['json', '{ "a": 1, "b": 2 }', '/a', '{ "b": 2 }'],
    ['json', '{ "a": 1, "b": 2 }', '/b', '{ "a": 1 }'],
    ['json', '{ "a": [1] }', '/a/0', '{ "a": [] }'],
    ['json', '[{"n":"a"}, {"n":"b"}]', '/n=b', '[{"n":"a"}]'],
    ['json', '["a", "b"]', '/=a', '["b"]'],
    ['yaml', LISTS, '/servers/name=a', LISTS.replace('  - name: a\n    port: 1 # kept\n', '')],
    ['yaml', LISTS, '/servers/0/name', LISTS.replace('name: a\n    port', 'port')],
    ['yaml', LISTS, '/servers/1/port', LISTS.replace('    port: 2\n', '')],
    ['yaml', LISTS, '/tags/0', LISTS.replace('x, ', '')],
    ['yaml', LISTS, '/last', LISTS.replace('last:\n', '')],
    ['yaml', 'a:\n  b: 1\n', '/a/b', 'a:\n  {}\n'],
    ['toml', 'a = 1\nb = 2\n', '/a', 'b = 2\n'],
    ['toml', '[t]\na = 1\n[t.u]\nb = 1\n[v]\nc = 1\n', '/t', '[v]\nc = 1\n'],
    ['toml', 'a = [1, 2]\n', '/a/1', 'a = [1]\n'],
    ['ini', INI_TEXT, '/server/host', INI_TEXT.replace('host = localhost ; kept\n', '')],
    [
      'properties',
      PROPERTIES_TEXT,
      '/long.value',
      PROPERTIES_TEXT.replace('long.value = a, \\\n   b\n', ''),
    ],
    ['xml', XML_TEXT, '/server/bean[2]', XML_TEXT.replace('  <bean id="b">two</bean>\n', '')],
    ['xml', XML_TEXT, '/server/@mode', XML_TEXT.replace(' mode="dev"', '')],
    ['env', ENV_TEXT, '/HOST', ENV_TEXT.replace('export HOST=localhost # kept\n', '')],
  ])('%s %j %s', (format, text, pointer, after) => {
    expect(deleteValue(text, format, pointer)).toEqual({ text: after })
  })
  test.each<[FileFormat, string, string, string]>([
    ['json', '{}', '/a', 'not-found'],
    ['json', '{', '/a', 'unreadable'],
    ['yaml', 'a: &x 1\nb: *x\n', '/a', 'not-found'],
    ['ini', INI_TEXT, '/nope', 'not-found'],
    ['xml', XML_TEXT, '/server', 'not-found'],
  ])('%s %j has nothing to delete at %s: %s', (format, text, pointer, problem) => {
    expect(deleteValue(text, format, pointer)).toMatchObject({ problem })
  })
})

test('a file that is not UTF-8 keeps its bytes, and takes no value that it cannot hold', () => {
  const bytes = Buffer.from('# d\xfcrfen\nhost=localhost\n', 'latin1')
  const set = (value: string) =>
    editFile(bytes, '/host', (text) => setValue(text, 'properties', '/host', value))
  expect(set('m\xfcll')).toEqual({
    bytes: Buffer.from('# d\xfcrfen\nhost=m\xfcll\n', 'latin1'),
  })
  expect(set('数')).toMatchObject({
    problem: 'wrong-type',
  })
})

test('the name tells the format', () => {
  expect(
    ['a.json5', 'b.yml', '.env.prod', 'x/y.properties', 'my.cnf', 'nginx.conf'].map(formatOf),
  ).toEqual(['json', 'yaml', 'env', 'properties', 'ini', undefined])
})
