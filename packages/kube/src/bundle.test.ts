import { expect, test } from 'vitest'
import { type Bundle, resolveBundle } from './bundle.ts'

function bundleWith(command: string): Bundle {
  return {
    name: 'shop',
    objects: new Map([
      [
        'job/migrate',
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'migrate' },
          spec: { template: { spec: { containers: [{ name: 'migrate', command: [command] }] } } },
        },
      ],
      [
        'configmap/gates',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gates' }, data: { web: 'x' } },
      ],
    ]),
    parameters: [],
    switches: [],
    derived: [
      {
        rule: 'name-hash',
        base: 'migrate',
        inputs: [{ object: 'job/migrate', pointer: '/spec/template' }],
        at: [
          { object: 'job/migrate', pointer: '/metadata/name' },
          { object: 'configmap/gates', pointer: '/data/web', format: 'job {}\n' },
        ],
      },
    ],
    builds: [],
    uploads: [],
    checks: [],
  }
}

test('a derived name changes with its input, stands in every place, and leaves the bundle alone', () => {
  const bundle = bundleWith('up')
  const one = resolveBundle(bundle)
  const again = resolveBundle(bundleWith('up'))
  const other = resolveBundle(bundleWith('down'))
  const name = one.get('job/migrate')?.metadata.name
  expect(name).toMatch(/^migrate-[0-9a-f]{10}$/)
  expect(one.get('configmap/gates')?.data.web).toBe(`job ${name}\n`)
  expect(again.get('job/migrate')?.metadata.name).toBe(name)
  expect(other.get('job/migrate')?.metadata.name).not.toBe(name)
  expect(bundle.objects.get('job/migrate')?.metadata.name).toBe('migrate')
})

test('a derivation over an object that is missing is a bug and says which', () => {
  const bundle = bundleWith('up')
  bundle.objects.delete('configmap/gates')
  expect(() => resolveBundle(bundle)).toThrow('configmap/gates')
})
