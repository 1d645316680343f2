import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Files } from './projects.ts'

/** How many projects of each grammar. */
const EACH = 20

/** The properties of the schema of landfall.yaml: words that mean something there. */
function settingsWords(): string[] {
  const file = new URL('../../../convert/schema/landfall.schema.json', import.meta.url)
  const words = new Set<string>()
  JSON.parse(readFileSync(file, 'utf8'), (key, value) => {
    if (key === 'properties') for (const name of Object.keys(value)) words.add(name)
    return value
  })
  return [...words]
}

const ODD = [
  '__proto__',
  'constructor',
  '',
  ' ',
  '\u202e',
  '\x1b[31m',
  'a'.repeat(300),
  '../..',
  '/',
]

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '0',
    '10Gi',
    '-1',
    'http://[',
    's',
    'v',
    ...ODD,
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.double(),
)

/** Values of any shape with some words as keys. */
function valuesOf(words: readonly string[]): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words, ...ODD), tie('value'), { maxKeys: 6 }),
    ),
  }))
  return value
}

const settings = (): fc.Arbitrary<Files> =>
  fc
    .dictionary(fc.constantFrom(...settingsWords()), valuesOf(['s', 'v', ...settingsWords()]), {
      minKeys: 1,
      maxKeys: 12,
    })
    .map((value) => ({ 'landfall.yaml': JSON.stringify(value), ...ORDINARY }))

const FACTS =
  'digest platform entrypoint command environment ports user volumes workingDirectory healthcheck stopSignal shell labels accounts test interval users groups uid gid 80/tcp /data'.split(
    ' ',
  )

const lock = (): fc.Arbitrary<Files> =>
  fc
    .record({
      version: fc.constantFrom<unknown>(1, 1, 1, 2, null, '1'),
      images: fc.oneof(
        fc.dictionary(fc.constantFrom('i', '__proto__', 'j'), valuesOf(FACTS)),
        valuesOf(FACTS),
      ),
      oneShots: fc.oneof(fc.constant(['s']), scalar, fc.array(scalar)),
      contexts: valuesOf(['https://example.com/x.git', 'commit', 'ref', 'digest']),
    })
    .map((value) => ({ 'landfall.lock': JSON.stringify(value), ...ORDINARY }))

/** Texts of lines that are made of pieces, as a grammar would have them, with bytes among them. */
const lines = (...pieces: string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3, unit: 'binary' })), {
          maxLength: 8,
        })
        .map((line) => line.join('')),
      { maxLength: 30 },
    )
    .map((text) => text.join('\n'))

const ignored = (): fc.Arbitrary<Files> =>
  lines(
    '*',
    '**',
    '/',
    '!',
    '?',
    '[',
    ']',
    '[^',
    '[a-',
    '\\',
    '#',
    '..',
    '{',
    'a',
    '.git',
    ' ',
  ).map((text) => ({ '.dockerignore': text, ...ORDINARY }))

const variables = (): fc.Arbitrary<Files> =>
  lines(
    'A',
    '=',
    '"',
    "'",
    '$',
    '{',
    '}',
    ':-',
    'export ',
    '#',
    '\\',
    '`',
    '__proto__',
    '\r',
    ' ',
  ).map((text) => ({ '.env': text, 'a.env': text, ...ORDINARY }))

const dockerfile = (): fc.Arbitrary<Files> =>
  lines(
    ...[
      'FROM ',
      'ARG ',
      'ENV ',
      'COPY ',
      'ADD ',
      'RUN ',
      '--from=',
      '--mount=',
      'EXPOSE ',
      '<<EOF',
    ],
    ...[
      'HEALTHCHECK ',
      'USER ',
      'VOLUME ',
      '["',
      '"]',
      '$',
      '${',
      '}',
      '=',
      '\\',
      '# escape=`',
      ' ',
    ],
    ...['x', ' AS ', '__proto__', 'scratch', 'EOF', '1-65535'],
  ).map((text) => ({ ...ORDINARY, Dockerfile: `FROM x\n${text}` }))

/** An archive in which some bytes are others, or that ends early. */
const archive = (): fc.Arbitrary<Files> =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { maxLength: 12 }),
      length: fc.oneof(fc.constant(5120), fc.nat(5120)),
      zipped: fc.boolean(),
    })
    .map(({ changes, length, zipped }) => {
      const bytes = Buffer.from(ORDINARY_ARCHIVE)
      for (const [at, byte] of changes) bytes[at] = byte
      const cut = bytes.subarray(0, length)
      return { 'image.tar': zipped ? gzipSync(cut) : cut, ...ORDINARY }
    })

/** A tar archive as `docker save` writes it, with a manifest that names what is not there. */
const ORDINARY_ARCHIVE = ((): Buffer => {
  const bytes = Buffer.alloc(5120)
  const text = JSON.stringify([
    { Config: 'c.json', RepoTags: ['i:latest'], Layers: ['l/layer.tar'] },
  ])
  const file = (at: number, name: string, content: string): void => {
    bytes.write(name, at)
    bytes.write('0000644\0', at + 100)
    bytes.write(`${content.length.toString(8).padStart(11, '0')}\0`, at + 124)
    bytes.write('0', at + 156)
    bytes.write('ustar\0', at + 257)
    bytes.fill(' ', at + 148, at + 156)
    const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148)
    bytes.write(content, at + 512)
  }
  file(0, 'manifest.json', text)
  file(1024, 'c.json', '{"config":{"Env":["A=1"]},"rootfs":{"type":"layers","diff_ids":[]}}')
  file(2048, 'l/layer.tar', '')
  return bytes
})()

const ORDINARY: Files = {
  Dockerfile: 'FROM x\nCOPY . .\n',
  'conf/a': 'x',
  'compose.yaml':
    'services: { s: { image: i, volumes: ["vol:/v", "./conf:/c"], env_file: [{ path: a.env, required: false }] }, b: { build: . } }\nvolumes: { vol: }\n',
}

/** Projects by grammars of their files: the same in every run. */
export function generated(): Record<string, Files> {
  const seed = Number(process.env.LANDFALL_SEED ?? 20261121)
  const grammars = { settings, lock, ignored, variables, dockerfile, archive }
  return Object.fromEntries(
    Object.entries(grammars).flatMap(([name, grammar]) =>
      fc
        .sample(grammar(), { numRuns: EACH, seed })
        .map((files, at) => [`${name} ${at} of seed ${seed}`, files]),
    ),
  )
}
