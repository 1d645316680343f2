import { type Bundle, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { lintChart, objectsById, rendered, renderedAll } from '@landfall/testkit/helm-charts'
import { describe, expect, test } from 'vitest'
import { convert, everything } from '../../test-conversion.ts'
import { commentsOn } from '../comments.ts'
import { changesOf, chartOf } from './test-changes.ts'

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

const bundles: [string, Bundle][] = [
  ['texts that look like templates', convert(hostile, { files }).bundle as Bundle],
  ['every key', convert(everything).bundle as Bundle],
]

describe.skipIf(program === '')(
  `the real helm${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test.each(bundles)('renders the manifests: %s', (_, bundle) => {
      expect(rendered(program, chartOf(bundle))).toEqual(objectsOf(bundle))
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

    test.each(bundles)('sets each value where it belongs: %s', (_, bundle) => {
      const plain = objectsOf(bundle)
      const changes = bundle.parameters.flatMap(changesOf)
      expect(changes.length).toBeGreaterThan(bundle.parameters.length)
      const files = chartOf(bundle)
      const values = changes.map((one) => one.values)
      const all = renderedAll(program, files, values)
      for (const [index, change] of changes.entries()) {
        expect(all[index], change.name).toEqual(objectsOf(bundle, change.values))
        expect(all[index], change.name).not.toEqual(plain)
      }
    })

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

    test.each([
      [{ services: { web: { replica: 2 } } }, /replica/],
      [{ services: { web: { image: { tag: 1.2 } } } }, /tag/],
      [{ services: { web: { replicas: '2' } } }, /replicas/],
      [{ services: { web: null } }, /web/],
      [{ services: { db: { replicas: 2 } } }, /replicas/],
      [{ labels: { 'app.kubernetes.io/name': 'x' } }, /app\.kubernetes\.io\/name/],
      [{ volumes: { data: { size: 'much' } } }, /size/],
    ])('refuses %j', (values, message) => {
      const bundle = convert(everything).bundle as Bundle
      expect(() => rendered(program, chartOf(bundle), values)).toThrow(message)
    })
  },
)

function objectsOf(bundle: Bundle, values?: Record<string, unknown>) {
  return objectsById(resolveBundle(bundle, values).values())
}
