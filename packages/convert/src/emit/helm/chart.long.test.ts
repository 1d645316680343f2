import { type Bundle, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import {
  lintChart,
  objectsById,
  rendered,
  renderedAll,
  renderedWhole,
} from '@landfall/testkit/helm-charts'
import { describe, expect, test } from 'vitest'
import { convert, everything } from '../../test-conversion.ts'
import { commentsOn } from '../comments.ts'
import { changesIn, chartOf } from './test-changes.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program

const hostile = `
name: "0_shop"
services:
  "range":
    image: example/range:1.0
    environment: { A: "{{ .Values }}", B: "{{{", C: "} }}", D: "\\t\\u007f \\U0001F600", E: "{{/* x", SECRET_KEY: "{{ fail }}" }
    command: ["sh", "-c", "echo {{ .Release.Name }} {{\`x\`}}"]
    depends_on: { 7-migrate: { condition: service_completed_successfully } }
    volumes: [./f.conf:/f.conf:ro, "a-b.c:/data"]
    labels: { "x{{y": "{{ z", "a": "{{ \\n", "b": "b\\t \\n" }
  "7-migrate":
    image: example/migrate
    restart: "no"
    environment: { N: "1000000", O: "yes", P: "", Q: "0x10" }
    volumes: [./f.conf:/f.conf:ro, ./bytes.bin:/b.bin:ro, ./key.pem:/key.pem:ro]
  "a.b_c":
    image: example/c
    depends_on: { "range": { condition: service_started, restart: true } }
volumes: { a-b.c: {} }
`
const files = {
  '/shop/f.conf': '{{- with x }}\n\n  {{ . }}\n{{ end -}}\n{{`\n',
  '/shop/bytes.bin': new Uint8Array([0, 255, 128]),
  '/shop/key.pem': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
}

const checks = {
  page: { http: 'http://range/page', body: "{{ fail 'x' }}" },
  'order{{': { exec: { service: 'a.b_c', command: ['true'] } },
  'a_b c': { tcp: 'range:80' },
}

const bundles: [string, Bundle][] = [
  [
    'texts that look like templates',
    convert(hostile, { files, settings: { checks } }).bundle as Bundle,
  ],
  ['every key', convert(everything).bundle as Bundle],
]

describe.skipIf(program === '')(
  `the real helm${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test.each(bundles)('renders the manifests: %s', (_, bundle) => {
      expect(rendered(program, chartOf(bundle))).toEqual(objectsOf(bundle))
    })

    test('checks are pods for helm test, in the image of the gates; what they cannot do is named', () => {
      const files = chartOf(bundles[0]?.[1] as Bundle, { withSecrets: false })
      const pods = [...files.keys()].filter((path) => path.startsWith('templates/pod-'))
      expect(pods).toEqual([
        'templates/pod-0-shop-test-a-b-c.yaml',
        'templates/pod-0-shop-test-page.yaml',
      ])
      expect(files.get('templates/NOTES.txt')).toMatch(/does not run: order\{\{ "\{\{" \}\}\./)
      const text = files.get(pods[1] as string) ?? ''
      expect(text).toContain('helm.sh/hook: test')
      expect(text).toContain('.Values.images.gate')
      expect(text).toContain('.Values.global.imageRegistry')
    })

    test('comments change nothing', () => {
      const result = convert(hostile, { files })
      const bundle = result.bundle as Bundle
      const comments = commentsOn(bundle, result, (line) => `${line} {{ fail "x" }}`)
      expect(comments.size).toBeGreaterThan(3)
      const chart = chartOf(bundle, { comments })
      expect([...chart.values()].join('')).toContain('# waits for s-7-migrate: ')
      expect(rendered(program, chart)).toEqual(objectsOf(bundle))
    })

    test.each(bundles)('finds nothing wrong: %s', (_, bundle) => {
      for (const withSecrets of [true, false])
        expect(lintChart(program, chartOf(bundle, { withSecrets }))).toBe('')
    })

    test.each(bundles)(
      'sets each value where it belongs: %s',
      { timeout: 7_200_000 },
      (_, bundle) => {
        const plain = objectsOf(bundle)
        const changes = changesIn(bundle)
        expect(changes.length).toBeGreaterThan(bundle.parameters.length)
        const files = chartOf(bundle)
        const values = changes.map((one) => one.values)
        const all = renderedAll(program, files, values)
        for (const [index, change] of changes.entries()) {
          expect(all[index], change.name).toEqual(objectsOf(bundle, change.values))
          expect(all[index], change.name).not.toEqual(plain)
        }
      },
    )

    test('says which secret is missing, and takes an existing one instead', () => {
      const bundle = convert(
        '{ services: { db: { image: postgres, environment: { POSTGRES_PASSWORD: hop-hop } } } }',
      ).bundle as Bundle
      const files = chartOf(bundle, { withSecrets: false })
      expect([...files.values()].join('')).not.toMatch(/hop-hop|aG9wLWhvcA/)
      expect(() => rendered(program, files)).toThrow(/secrets\.POSTGRES_PASSWORD is not set: /)
      const own = rendered(program, files, { secrets: { POSTGRES_PASSWORD: 'other' } })
      expect(own['Secret/db-environment']?.data).toEqual({ POSTGRES_PASSWORD: 'b3RoZXI=' })
      const existing = { services: { db: { existingSecret: 'mine' } } }
      expect(rendered(program, files, existing)).toEqual(objectsOf(bundle, existing))
    })

    test('a changed secret makes new pods of those that use it, and no other Job', () => {
      const bundle = convert(
        `{ services: { db: { image: postgres, environment: { POSTGRES_PASSWORD: a } }, web: { image: web },
           init: { image: init, restart: "no", environment: { POSTGRES_PASSWORD: a } } } }`,
        { oneShots: ['init'] },
      ).bundle as Bundle
      const files = chartOf(bundle)
      const templates = ['a', 'b'].map((POSTGRES_PASSWORD) =>
        renderedWhole(program, files, { secrets: { POSTGRES_PASSWORD } }).flatMap(
          ({ kind, metadata, spec }) =>
            spec?.template === undefined || kind === 'Service'
              ? []
              : [`${kind}/${metadata.name} ${JSON.stringify(spec.template)}`],
        ),
      )
      const changed = templates[0]?.filter((one) => !templates[1]?.includes(one))
      expect(changed?.map((one) => one.split(' ')[0])).toEqual(['Deployment/db'])
      expect(changed?.join('')).toMatch(/"checksum.landfall.dev\/secrets":"[0-9a-f]{4}"/)
    })

    test('a key of several annotations is that of the nearest', () => {
      const bundle = convert(everything).bundle as Bundle
      const values = {
        ...published({ annotations: { a: 'near', b: 'x' } }),
        annotations: { a: 'far', c: 'y' },
      }
      const objects = rendered(program, chartOf(bundle), values)
      expect(objects).toEqual(objectsOf(bundle, values))
      expect(objects['Service/web-published']?.metadata.annotations).toMatchObject({
        a: 'near',
        b: 'x',
        c: 'y',
      })
    })

    test('takes the registry of all images from the chart that it is a part of', () => {
      const bundle = convert(hostile, { files }).bundle as Bundle
      const global = { imageRegistry: 'registry.example.com', storageClass: 'of others' }
      expect(rendered(program, partOf(chartOf(bundle), { global }))).toEqual(
        objectsOf(bundle, { global }),
      )
    })

    test.each([
      [{ services: { web: { replica: 2 } } }, /replica/],
      [{ services: { web: { image: { tag: 1.2 } } } }, /tag/],
      [{ services: { web: { replicas: '2' } } }, /replicas/],
      [{ services: { web: null } }, /web/],
      [{ services: { db: { replicas: 2 } } }, /replicas/],
      [{ labels: { 'app.kubernetes.io/name': 'x' } }, /app\.kubernetes\.io\/name/],
      [{ volumes: { data: { size: 'much' } } }, /size/],
      [
        { services: { web: { extraEnv: { A: '2' } } } },
        /extraEnv\/A.*\n.*set in environment, because/,
      ],
      [{ services: { web: { extraEnv: { 'X Y': '2' } } } }, /extraEnv/],
      [{ services: { web: { extraEnv: [{ name: 'X', value: '2' }] } } }, /extraEnv/],
      [{ services: { web: { extraEnv: { X: { value: '2' } } } } }, /extraEnv/],
      [{ services: { web: { extraEnv: { X: { valueFrom: {} } } } } }, /valueFrom/],
      [{ services: { db: { extraEnv: { POSTGRES_PASSWORD: 'x' } } } }, /set in secrets, because/],
      [published({ nodePorts: { 'tcp-81': 30_000 } }), /tcp-81/],
      [published({ nodePorts: { 'tcp-80': 0 } }), /nodePorts\/tcp-80/],
      [published({ nodePorts: { 'tcp-80': 30_000 }, type: 'ClusterIP' }), /nodePorts/],
      [published({ loadBalancerClass: 'internal' }), /loadBalancerClass/],
      [published({ loadBalancerSourceRanges: ['10.0.0.0/8'] }), /loadBalancerSourceRanges/],
      [
        published({ loadBalancerSourceRanges: ['10.0.0.1'], type: 'LoadBalancer' }),
        /loadBalancerSourceRanges/,
      ],
      [published({ annotations: { 'landfall.dev/published': 'x' } }), /landfall\.dev\/published/],
      [published({ annotations: { a: 1 } }), /annotations\/a/],
      [{ services: { web: { expose: { enabled: 'yes' } } } }, /enabled/],
      [{ services: { web: { expose: { host: 'a b' } } } }, /host/],
      [{ services: { web: { expose: { path: 'api' } } } }, /path/],
      [{ services: { web: { expose: { tls: [{ secret: 'a' }] } } } }, /tls/],
      [{ services: { db: { scale: { enabled: true } } } }, /scale/],
      [
        {
          services: {
            web: {
              scale: { enabled: true },
              resources: { limits: { cpu: null }, requests: { cpu: null } },
            },
          },
        },
        /resources/,
      ],
      [{ services: { web: { scale: { max: 0 } } } }, /max/],
      [{ global: { imageRegistry: 'mirror' } }, /imageRegistry/],
      [{ global: { imageRegistry: 'https://registry.example.com' } }, /imageRegistry/],
      [{ global: { imageRegistry: 'registry.example.com/' } }, /imageRegistry/],
      [{ global: { imageRegistry: null } }, /imageRegistry/],
    ])('refuses %j', (values, message) => {
      const compose = everything.replace(
        'image: postgres:15',
        'image: postgres:15\n    environment: { POSTGRES_PASSWORD: a }',
      )
      const bundle = convert(compose).bundle as Bundle
      expect(() => rendered(program, chartOf(bundle), values)).toThrow(message)
    })
  },
)

function objectsOf(bundle: Bundle, values?: Record<string, unknown>) {
  return objectsById(resolveBundle(bundle, values).values())
}

function published(values: Record<string, unknown>) {
  return { services: { web: { published: values } } }
}

/** A chart with values of its own, of which another one is a part. */
function partOf(files: ReadonlyMap<string, string>, values: unknown): Map<string, string> {
  return new Map([
    ['Chart.yaml', 'apiVersion: v2\nname: whole\nversion: 0.1.0\n'],
    ['values.yaml', JSON.stringify(values)],
    ...[...files].map(([path, text]) => [`charts/part/${path}`, text] as const),
  ])
}
