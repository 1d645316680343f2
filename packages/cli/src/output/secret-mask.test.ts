import { expect, test } from 'vitest'
import { secretMask } from './secret-mask.ts'

const token = `ghp_${'a1B2'.repeat(9)}`

test('secrets of a known form are masked, and those of the project', () => {
  const mask = secretMask()
  mask.learn(['hop-1', 'hop-1-hop'])
  expect(mask.text(`a ${token} b`)).toBe('a *** b')
  expect(mask.text('x=hop-1-hop, "hop-1"')).toBe('x=***, "***"')
})

test('a secret that is a part of a longer word is left', () => {
  const mask = secretMask()
  mask.learn(['web-1'])
  expect(mask.text('web-10 myweb-1 web-1.')).toBe('web-10 myweb-1 ***.')
})

test('JSON keeps its names and its form', () => {
  const mask = secretMask()
  mask.learn(['hop"\\1'])
  expect(mask.json({ password: ['hop"\\1', 1, null], token })).toEqual({
    password: ['***', 1, null],
    token: '***',
  })
})
