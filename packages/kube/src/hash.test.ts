import { expect, test } from 'vitest'
import { canonicalJson, shortHash } from './hash.ts'

test.each<[unknown, string]>([
  [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
  [{ 10: 'x', 9: 'y', a: 1, '-1': 2, '01': 3 }, '{"-1":2,"01":3,"10":"x","9":"y","a":1}'],
  [{ '\u{1F600}': 1, '\uFF5E': 2, a: 3 }, '{"a":3,"\uFF5E":2,"\u{1F600}":1}'],
  [{ ab: 1, a: 2, '': 3, A: 4 }, '{"":3,"A":4,"a":2,"ab":1}'],
  [{ '\ud800': 1, '\ud801': 2 }, '{"\ufffd":2}'],
  [{ a: undefined, b: null }, '{"b":null}'],
  [[undefined, null, true, false], '[null,null,true,false]'],
  ['<a href="x">&</a>', '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e"'],
  [{ '<k>': 1 }, '{"\\u003ck\\u003e":1}'],
  ['\u2028\u2029\u2030', '"\\u2028\\u2029\u2030"'],
  ['\b\f\n\r\t\0\x1f\x7f/\\', '"\\b\\f\\n\\r\\t\\u0000\\u001f\x7f/\\\\"'],
  ['\ud800a\udc00 \u{1F600}', '"\ufffda\ufffd \u{1F600}"'],
  [
    [0, -0, 1.5, 100, 1e20, 1e21, 1e-6, 1e-7],
    '[0,0,1.5,100,100000000000000000000,1e+21,0.000001,1e-7]',
  ],
  [
    [2 ** 53, 2 ** 63, 1.7976931348623157e308, 5e-324],
    '[9007199254740992,9223372036854776000,1.7976931348623157e+308,5e-324]',
  ],
])('%j is %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test('a hash is of bytes, and that of a text is the one of its UTF-8', () => {
  expect(shortHash('é')).toBe(shortHash(Buffer.from([0xc3, 0xa9])))
  expect(shortHash('')).toBe('e3b0c44298')
})
