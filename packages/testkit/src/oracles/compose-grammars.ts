import fc from 'fast-check'
import type { ComposeCase } from './compose.ts'
import { projectGrammars } from './compose-project-grammars.ts'

const environment = { SET: 'val', EMPTY: '', B: 'bee' }

/** Texts put together from parts that mean something in a place, in any order. */
function textOf(parts: readonly string[], most = 9): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...parts), { minLength: 1, maxLength: most })
    .map((chosen) => chosen.join(''))
}

function caseOf(service: string, files: Record<string, string> = {}): ComposeCase {
  const text = `services:\n  s:\n    image: i\n    ${service}\nvolumes: { v: }\n`
  return { name: 'fuzz', files: { 'compose.yaml': text, ...files }, flags: { environment } }
}

const asValueOf = (key: string) => (text: string) => caseOf(`${key}: ${JSON.stringify(text)}`)
const asItemOf = (key: string) => (text: string) => caseOf(`${key}: [${JSON.stringify(text)}]`)
const asEnvFile = (entry: string) => (text: string) => caseOf(`env_file: ${entry}`, { e: text })

const numbers = ['1', '10', '1.5', '.5', '5.', '0', '-', '+', ' ', '999999999999']

/** Grammars of small texts, by what they are. */
const texts: Record<string, fc.Arbitrary<ComposeCase>> = {
  interpolation: textOf(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
    '$ $$ { } ${ SET EMPTY UNSET B :- - :? ? :+ + : x ${SET} ${UNSET:- ${EMPTY- ${SET:+ $SET _ 1 . \n'
      .split(' ')
      .concat(' '),
  ).map(asValueOf('hostname')),
  dotenv: textOf(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
    'A|B|=|=|=|\n|\n| |\t| # c|#|"|\'|\\n|\\|\\"|\\\'|$|${B}|$SET|${NOPE:-d}|${NOPE?e}|: |export |x|y z|\r\n|[0]|!|\\$'.split(
      '|',
    ),
    14,
  ).map(asEnvFile('e')),
  'raw-env-file': textOf('A|B|=|\n| |#|"x"|\'|$SET|export |\t|\r\n|SET|!|.'.split('|')).map(
    asEnvFile('[{ path: e, format: raw }]'),
  ),
  ports: textOf(
    '80 8080 1-3 10-12 3-1 : : /udp /tcp / 127.0.0.1 [::1] ::1 localhost 65536 0 - 01'.split(' '),
    6,
  ).map(asItemOf('ports')),
  volumes: textOf(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of Compose
    'v ./x /a /b/../c ~ ~/h .. . C: c:\\a d:/e \\\\s\\p : : :ro :z,ro :nocopy :rshared :bogus é ${V} //'.split(
      ' ',
    ),
    5,
  ).map(asItemOf('volumes')),
  durations: textOf([...numbers, ...'s m h ms us µs ns d w S'.split(' ')], 6).map(
    asValueOf('stop_grace_period'),
  ),
  sizes: textOf([...numbers, ...'k kb K KiB m Mb g GB t p e b'.split(' ')], 5).map(
    asValueOf('mem_limit'),
  ),
  commands: textOf(
    "a|b| | |'|\"|\\|$$|$$(|)|(|`|\\||&&|;|<|2>|#|\t|\n|=|\\'|\\ |é".split(/(?<!\\)\|/),
    12,
  ).map(asValueOf('command')),
  hosts: textOf('a b a.b = : 1.1.1.1 ::1 [::1] [ ] , host-gateway'.split(' '), 6).map(
    asItemOf('extra_hosts'),
  ),
}

/** Values of attributes in their forms; any two of one attribute have to merge. */
const attributes: Record<string, readonly string[]> = {
  build: ['./b', '{ args: [A, B=1], tags: [x] }', '{ context: c, args: { A: 2 }, labels: [a=1] }'],
  command: ['a b', '[c, d]', '!!null null', '[]'],
  depends_on: ['[o]', '{ o: { condition: service_healthy } }', '!override [o]', '!reset []'],
  deploy: ['{ replicas: 2 }', '{ labels: [a=1] }', '{ resources: { limits: { cpus: "0.5" } } }'],
  dns: ['1.1.1.1', '[1.1.1.1, 2.2.2.2]', '["", 3.3.3.3]'],
  environment: ['{ A: 1, B: }', '[A=2, SET]', '!override { Z: 1 }', '{ A: !reset null }', '[A]'],
  extra_hosts: ['[a=1.1.1.1]', '{ a: "::1" }', '["a:1.1.1.1"]'],
  healthcheck: ['{ test: a }', '{ test: [CMD, a], retries: "3" }', '{ disable: "yes" }'],
  labels: ['{ a: 1 }', '[a=2, b]', '{ a: , c: 1.50 }'],
  logging: ['{ driver: a, options: { x: 1 } }', '{ driver: b }', '{ options: { y: z } }'],
  networks: ['[n]', '{ n: { aliases: [a] } }', '{ n: , default: }', '!override [n]'],
  ports: ['["80:80"]', '[{ target: 80, published: "80" }]', '["80-81:80-81"]', '[80]'],
  ulimits: ['{ nofile: 5 }', '{ nofile: { soft: 1, hard: 2 } }'],
  volumes: ['["v:/a"]', '["./x:/a:ro"]', '[{ type: bind, source: ./y, target: /a }]'],
}

const pairs = fc.constantFrom(...Object.keys(attributes)).chain((key) =>
  fc.record({
    key: fc.constant(key),
    base: fc.constantFrom(...(attributes[key] ?? [])),
    over: fc.constantFrom(...(attributes[key] ?? [])),
  }),
)
const rest = `  o: { image: o }
networks: { n: }
volumes: { v: }
`
const merges: Record<string, fc.Arbitrary<ComposeCase>> = {
  'merge-files': pairs.map(({ key, base, over }) => ({
    name: 'fuzz',
    files: {
      'a.yaml': `services:\n  s: { image: i, ${key}: ${base} }\n${rest}`,
      'b.yaml': `services:\n  s: { ${key}: ${over} }\n`,
    },
    flags: { environment, files: ['a.yaml', 'b.yaml'] },
  })),
  'merge-extends': pairs.map(({ key, base, over }) => ({
    name: 'fuzz',
    files: {
      'compose.yaml': `services:\n  s:\n    extends: { file: d/b.yaml, service: t }\n    ${key}: ${over}\n${rest}`,
      'd/b.yaml': `services:\n  t: { image: i, ${key}: ${base} }\n`,
    },
    flags: { environment },
  })),
}

const names = ['a', 'b', 'c']
const reference = fc.constantFrom(...names, 'nobody')
const link = fc.oneof(
  reference.map((name) => `depends_on: [${name}]`),
  reference.map(
    (name) => `depends_on: { ${name}: { condition: service_started, required: false } }`,
  ),
  reference.map((name) => `network_mode: service:${name}`),
  reference.map((name) => `links: ["${name}:alias"]`),
  reference.map((name) => `volumes_from: [${name}]`),
  fc.constantFrom(
    'profiles: [p]',
    'networks: [n]',
    'secrets: [x]',
    'volumes: ["w:/w"]',
    'scale: 2',
  ),
)
const references = fc
  .tuple(...names.map(() => fc.uniqueArray(link, { maxLength: 3, selector: keyOf })))
  .map((services): ComposeCase => {
    const lines = services.map(
      (links, at) => `  ${names[at]}: { ${['image: i', ...links].join(', ')} }`,
    )
    return {
      name: 'fuzz',
      files: { 'compose.yaml': `services:\n${lines.join('\n')}\nnetworks: { n: }\n` },
      flags: { profiles: ['q'] },
    }
  })

function keyOf(entry: string): string {
  return entry.slice(0, entry.indexOf(':'))
}

/** Projects to be generated for a comparison with the tool itself, by what they try. */
export const composeGrammars: Readonly<Record<string, fc.Arbitrary<ComposeCase>>> = {
  ...texts,
  ...merges,
  references,
  ...projectGrammars,
}
