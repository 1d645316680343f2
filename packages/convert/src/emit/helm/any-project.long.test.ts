import { type Bundle, mergeValues, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { objectsById, rendered } from '@landfall/testkit/helm-charts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'
import { changesIn, chartOf } from './test-changes.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program
const count = process.env.LANDFALL_ALL_CHARTS === undefined ? 4 : 150

/** Texts with what templates, YAML and shells take for something else. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        '{{',
        '}}',
        '{',
        '-',
        '`',
        '"',
        "'",
        '\\',
        '\n',
        ' ',
        ':',
        '#',
        '%',
        'a',
        '0',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)
const NAMES = ['range', 'my-db', '7zip', 'a_b.c', 'end']
const service = fc.record(
  {
    image: fc.constantFrom(
      'nginx',
      'redis:7',
      'registry.example.com:5000/a/b:1@sha256:'.concat('0'.repeat(64)),
    ),
    environment: fc.dictionary(fc.constantFrom('A', 'b', 'DB_PASSWORD', 'N.M', '_X'), text),
    command: fc.array(text, { minLength: 1, maxLength: 3 }),
    labels: fc.dictionary(fc.constantFrom('a', 'x y', 'example.com/k'), text),
    restart: fc.constantFrom('no', 'always'),
    ports: fc.constantFrom(['80'], ['8080:80', '53:53/udp']),
    mem_limit: fc.constantFrom('64m', '1g'),
    volumes: fc.constantFrom(['data:/data'], ['/tmp/x'], ['./f:/f:ro']),
    configs: fc.constantFrom(['one'], ['one', 'two']),
    scale: fc.constantFrom(1, 2),
    hostname: fc.constantFrom('h'),
  },
  { requiredKeys: ['image'] },
)
const project = fc
  .tuple(fc.array(service, { minLength: 1, maxLength: NAMES.length }), text, text, text)
  .map(([services, one, two, file]) => ({
    compose: {
      name: 'any',
      services: Object.fromEntries(
        services.map((own, index) => [
          NAMES[index],
          {
            ...own,
            ...(index === 0
              ? {}
              : { depends_on: { [NAMES[index - 1] as string]: { condition: 'service_started' } } }),
          },
        ]),
      ),
      volumes: { data: {} },
      configs: { one: { content: one }, two: { content: two } },
    },
    file,
  }))

/** A dollar sign in a Compose file is written twice. */
function composeText(compose: unknown): string {
  return JSON.stringify(compose)
    .replaceAll('$', '$$$$')
    .replace(/[\u007f-\u009f]/g, '')
}

/** The bundle of a random project; undefined where it does not convert. */
function bundleOf({ compose, file }: { compose: unknown; file: string }): Bundle | undefined {
  return convert(composeText(compose), { files: { '/shop/f': file } }).bundle
}

describe.skipIf(program === '')(
  `charts of random projects${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test('they render to the manifests, as they are and with random values', {
      timeout: 7_200_000,
    }, () => {
      let converted = 0
      fc.assert(
        fc.property(project, fc.infiniteStream(fc.nat()), (any, numbers) => {
          const bundle = bundleOf(any)
          if (bundle === undefined) return
          converted++
          const files = chartOf(bundle)
          expect(rendered(program, files)).toEqual(objectsById(resolveBundle(bundle).values()))
          const pick = (below: number) => numbers.next().value % below
          const values = bundle.parameters.reduce<Record<string, unknown>>((all, parameter) => {
            const changes = changesIn({ ...bundle, parameters: [parameter] })
            const change = changes[pick(changes.length + 1)]
            return mergeValues(all, change?.values ?? {}) as Record<string, unknown>
          }, {})
          expect(rendered(program, files, values)).toEqual(
            objectsById(resolveBundle(bundle, values).values()),
          )
        }),
        { numRuns: count },
      )
      expect(converted).toBeGreaterThan(count / 2)
    })
  },
)
