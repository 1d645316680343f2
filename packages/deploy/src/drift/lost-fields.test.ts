import { expect, test } from 'vitest'
import { contains, lostFields } from './lost-fields.ts'

test.each([
  ['defaults that the cluster adds', { a: 1, b: 2 }, { a: 1 }, true],
  ['a changed value', { a: 1 }, { a: 2 }, false],
  ['a value that went away', {}, { a: 2 }, false],
  ['defaults in the items of a list', [{ a: 1, b: 2 }], [{ a: 1 }], true],
  ['an item more', [1, 2], [1], false],
  ['the order of a list', [2, 1], [1, 2], false],
  ['an empty mapping that the cluster leaves out', {}, { a: {} }, true],
  ['an empty list that the cluster leaves out', {}, { a: [] }, true],
  ['a false that the cluster leaves out', {}, { a: false }, true],
  ['a true that went away', {}, { a: true }, false],
  ['a list where a mapping was asked for', { a: 'x' }, { a: { b: 1 } }, false],
  [
    'a variable more',
    { env: [{ name: 'B' }, { name: 'A', value: '1' }] },
    { env: [{ name: 'A', value: '1' }] },
    true,
  ],
  [
    'a subject more, in a list that is replaced as a whole',
    { subjects: [{ name: 'a' }, { name: 'b' }] },
    { subjects: [{ name: 'a' }] },
    false,
  ],
  [
    'a port with the protocol that the cluster adds',
    { ports: [{ port: 80, protocol: 'TCP' }] },
    { ports: [{ port: 80 }] },
    true,
  ],
])('%s', (_name, live, desired, expected) => {
  expect(contains(live, desired)).toBe(expected)
})

test.each([
  [
    'spec.containers',
    { name: 'a', resources: { limits: { cpu: '1', memory: '1Gi' } } },
    { name: 'a', resources: { limits: { cpu: '1000m', memory: '1024Mi' } } },
    true,
  ],
  [
    'spec.containers',
    { name: 'a', resources: { limits: { cpu: '1' } } },
    { name: 'a', resources: { limits: { cpu: 1 } } },
    true,
  ],
  [
    'spec.containers',
    { name: 'a', resources: { limits: { cpu: '2' } } },
    { name: 'a', resources: { limits: { cpu: '1000m' } } },
    false,
  ],
])('a quantity in another form is the same (%#)', (_, live, desired, expected) => {
  expect(contains({ spec: { containers: [live] } }, { spec: { containers: [desired] } })).toBe(
    expected,
  )
})

test('what looks like a quantity elsewhere is a text', () => {
  expect(contains({ data: { limits: '1' } }, { data: { limits: '1000m' } })).toBe(false)
})

test('each field that is lost has its path', () => {
  const container = (rest: object) => ({ spec: { containers: [{ name: 'web', ...rest }] } })
  expect(
    lostFields(
      container({ image: 'web:2', env: [{ name: 'A', value: '2' }], command: ['a', 'b'] }),
      container({
        image: 'web:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '1' },
        ],
        command: ['a'],
      }),
    ),
  ).toEqual([
    'spec.containers[web].image',
    'spec.containers[web].env[A].value',
    'spec.containers[web].env[B]',
    'spec.containers[web].command',
  ])
})
