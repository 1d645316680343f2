import { expect, test } from 'vitest'
import { shortPath } from './words.ts'

test.each([
  ['/home/a/shop', '/home/a/shop/api/Dockerfile', 'api/Dockerfile'],
  ['/home/a/shop', '/home/a/other/Dockerfile', '/home/a/other/Dockerfile'],
])('from %s, %s is told as %s', (cwd, path, told) => {
  expect(shortPath(cwd, path)).toBe(told)
})
