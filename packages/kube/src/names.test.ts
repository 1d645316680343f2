import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isDnsLabel,
  isDnsName,
  isEnvironmentName,
  isServiceName,
  toDataKey,
  toDnsLabel,
  toLabelValue,
  toPortName,
  toServiceName,
} from './names.ts'

test.each([
  ['web', 'web'],
  ['My_Service', 'my-service'],
  ['a--b', 'a--b'],
  ['edgex.core/data', 'edgex-core-data'],
  ['-db-', 'db'],
  ['___', 'x-bda251'],
])('the DNS label of %j is %j', (text, label) => {
  expect(toDnsLabel(text)).toBe(label)
})

test('two long names that begin alike stay two, and leave the room that was asked for', () => {
  const one = toDnsLabel(`${'service-'.repeat(10)}one`, 52)
  const two = toDnsLabel(`${'service-'.repeat(10)}two`, 52)
  expect(one).toMatch(/^service-.*-[0-9a-f]{6}$/)
  expect(one.length).toBeLessThanOrEqual(52)
  expect(one).not.toBe(two)
})

test.each([
  ['1st_db', 's-1st-db'],
  ['db1', 'db1'],
])('the Service name of %j is %j', (text, name) => {
  expect(toServiceName(text)).toBe(name)
})

test.each([
  ['8080', 'p-8080'],
  ['tcp-8080', 'tcp-8080'],
  ['Admin__UI', 'admin-ui'],
])('the port name of %j is %j', (text, name) => {
  expect(toPortName(text)).toBe(name)
})

test.each([
  ['conf.d/web site.conf', 'conf.d_web_site.conf'],
  ['.env', '.env'],
  ['..', '_..'],
])('the data key of %j is %j', (path, key) => {
  expect(toDataKey(path)).toBe(key)
})

test('an environment name may hold dots and dashes, but no equals sign and no digit first', () => {
  expect(['A.b-c_1', '1A', 'A=B', ''].map(isEnvironmentName)).toEqual([true, false, false, false])
})

test('whatever comes in, the names are legal, and a legal name is left as it is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(toDnsLabel(text)).toSatisfy(isDnsLabel)
      expect(toServiceName(text)).toSatisfy(isServiceName)
      expect(toPortName(text)).toMatch(/^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(toLabelValue(text)).toMatch(
        /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
      )
      expect(toDataKey(text)).toMatch(/^(?!\.{1,2}$)[-A-Za-z0-9_.]{1,253}$/)
      for (const name of [toDnsLabel, toServiceName, toPortName, toLabelValue, toDataKey])
        expect(name(name(text))).toBe(name(text))
    }),
  )
})

test.each([
  ['web', true],
  ['a.example.com', true],
  ['under_score', false],
  ['Upper.example', false],
  ['a..b', false],
  ['.', false],
  [`${'x'.repeat(64)}.com`, false],
])('%s is a DNS name: %s', (text, legal) => {
  expect(isDnsName(text)).toBe(legal)
})
