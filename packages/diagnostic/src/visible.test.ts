import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible, visibleJson, visibleLine } from './visible.ts'

test('what a terminal obeys is written out, the rest stays', () => {
  expect(visible('a\x1b]8;;http://x\x07b\x9b31m\r\b\u202ec\u2069\x7f')).toBe(
    'a\\x1b]8;;http://x\\x07b\\x9b31m\\x0d\\x08\\u202ec\\u2069\\x7f',
  )
  expect(visible('tab\tline\nä 日本 🚀 שלום')).toBe('tab\tline\nä 日本 🚀 שלום')
  expect(visibleLine('no error\r\nerror: none')).toBe('no error\\nerror: none')
})

/** Texts of characters in and around the ranges. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xa0 }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0x2028, max: 0x206a }).map((code) => String.fromCharCode(code)),
  ),
})

test('JSON has the same values, and nothing for a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (value) => {
      const text = visibleJson(value, 1)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(visible(text)).toBe(text)
    }),
  )
})
