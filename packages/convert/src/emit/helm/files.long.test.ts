import { type Bundle, mergeValues, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { lintChart, objectsById, rendered, renderedAll } from '@landfall/testkit/helm-charts'
import { describe, expect, test } from 'vitest'
import type { LandfallFile } from '../../settings/landfall-file.ts'
import { convert } from '../../test-conversion.ts'
import { environmentValues } from './environments.ts'
import { changesIn, chartOf } from './test-changes.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program

const compose = `
name: shop
services:
  web:
    image: web
    volumes: ["./a.json:/a.json:ro", "./b.yaml:/b.yaml:ro", "./c.properties:/c:ro", "./d.toml:/d.toml:ro"]
    depends_on: { migrate: { condition: service_completed_successfully } }
  migrate: { image: migrate, restart: "no", volumes: ["./a.json:/a.json:ro", "./e.json:/e.json:ro"] }
`
const files = {
  '/shop/a.json':
    '{{"mode": {"a/b": "{{ x }}", "n": 1},\n "list": [{"host":"localhost"}] }\n'.replace('{{', '{'),
  '/shop/b.yaml': 'plain: localhost # {{ c }}\nquoted: "a b"\nn: 7\non: true\nblock: |\n  x\n',
  '/shop/c.properties': 'a.host=localhost\nport = 80\nlast=x',
  '/shop/d.toml': '[a]\nhost = "x"\nn = 1.5\n',
  '/shop/e.json': '{"one":"line"}',
}
const settings: LandfallFile = {
  files: {
    './a.json': { set: { '/mode/a~1b': 'db <&> "q"', '/list/0/host': 'db', '/mode/n': 5 } },
    './b.yaml': { set: { '/plain': 'db', '/quoted': 'c d', '/n': 8, '/on': false, '/block': 'y' } },
    './c.properties': { set: { '/a.host': 'db:5432', '/port': 81, '/last': '10.0.0.1' } },
    './e.json': { set: { '/one': 'two' } },
  },
  services: { web: { files: { './d.toml': { set: { '/a/host': 'db', '/a/n': 2.5 } } } } },
}

function bundleOf(own: LandfallFile): Bundle {
  const { bundle, diagnostics } = convert(compose, { files, settings: own })
  if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return bundle
}

function objectsOf(bundle: Bundle, values?: Record<string, unknown>) {
  return objectsById(resolveBundle(bundle, values).values())
}

const bundle = bundleOf(settings)
const offered = bundle.parameters.filter(({ at }) => at.some(({ range }) => range !== undefined))

test('values that landfall.yaml sets are offered where the text shows how they are written', () => {
  expect(offered.map(({ path }) => path.slice(path.indexOf('files') + 1).join(' ')).sort()).toEqual(
    [
      './a.json /list/0/host',
      './a.json /mode/a~1b',
      './a.json /mode/n',
      './b.yaml /n',
      './b.yaml /on',
      './b.yaml /plain',
      './b.yaml /quoted',
      './c.properties /a.host',
      './c.properties /last',
      './c.properties /port',
      './d.toml /a/host',
      './d.toml /a/n',
    ],
  )
})

test('a value does the same as the key of landfall.yaml, and the one-shot runs again', () => {
  const changed = {
    ...settings.files,
    './a.json': { set: { '/list/0/host': 'other', '/mode/a~1b': 'x' } },
  }
  const own = { ...settings, files: { ...changed } }
  own.files['./a.json'].set = { '/mode/n': 5, ...own.files['./a.json'].set } as never
  const values = { files: { './a.json': { '/list/0/host': 'other', '/mode/a~1b': 'x' } } }
  expect(resolveBundle(bundle, values)).toEqual(resolveBundle(bundleOf(own)))
  expect(resolveBundle(bundle, values).get('job/migrate')?.metadata.name).not.toBe(
    resolveBundle(bundle).get('job/migrate')?.metadata.name,
  )
})

test('an environment that sets other values in files is a values file', () => {
  const web = { files: { './d.toml': { set: { '/a/host': 'db.prod', '/a/n': 2.5 } } } }
  const port = {
    './c.properties': { set: { '/a.host': 'db:5432', '/port': 82, '/last': '10.0.0.1' } },
  }
  const prod = bundleOf({ files: { ...settings.files, ...port }, services: { web } })
  expect(environmentValues(bundle, prod)).toEqual({
    values: {
      files: { './c.properties': { '/port': 82 } },
      services: { web: { files: { './d.toml': { '/a/host': 'db.prod' } } } },
    },
    beyond: [],
  })
})

describe.skipIf(program === '')(
  `the real helm${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test('prints the values of files, as they are and changed', () => {
      const chart = chartOf(bundle)
      expect(lintChart(program, chart)).toBe('')
      expect(rendered(program, chart)).toEqual(objectsOf(bundle))
      const changes = changesIn({ ...bundle, parameters: offered, switches: [] }).map(
        ({ values }) => values,
      )
      expect(changes.length).toBeGreaterThanOrEqual(offered.length)
      const together = changes.reduce((all, one) => mergeValues(all, one) as typeof one, {})
      const all = renderedAll(program, chart, [...changes, together])
      for (const [index, values] of [...changes, together].entries()) {
        expect(all[index], JSON.stringify(values)).toEqual(objectsOf(bundle, values))
        expect(all[index], JSON.stringify(values)).not.toEqual(objectsOf(bundle))
      }
    })

    test.each([
      [{ './a.json': { '/mode/n': 'x' } }],
      [{ './a.json': { '/list/0/host': 'a\nb' } }],
      [{ './b.yaml': { '/plain': 'yes' } }],
      [{ './b.yaml': { '/plain': 'a: b' } }],
      [{ './c.properties': { '/port': 'a b' } }],
      [{ './a.json': { '/other': 'x' } }],
    ])('refuses %j', (own) => {
      expect(() => rendered(program, chartOf(bundle), { files: own })).toThrow(/files/)
    })
  },
)
