import { expect, test } from 'vitest'
import { endsByItself } from './ends-by-itself.ts'

test.each([
  [['/bin/sh', '-c', ' mc alias set x http://minio; mc mb x/y; exit 0; '], true],
  [['bash', '-ec', 'migrate\nseed\nexit'], true],
  [['sh', '-c', 'test -f /done && exit 0'], true],
  [['sh', '-c', 'while true; do work; done; exit 0'], false],
  [['sh', '-c', 'start & tail -f /log; exit 0'], false],
  [['sh', '-c', 'trap "exit 0" TERM; serve'], false],
  [['sh', '-c', 'seed; exit $?'], true],
  [['sh', '-c', 'serve || exit 1'], false],
  [['sh', '-c', 'echo exit'], false],
  [['serve', 'exit 0'], false],
  [['sh', 'exit 0'], false],
])('%j: %s', (command, ends) => {
  expect(endsByItself({ command })).toBe(ends)
})

test('the entrypoint may be the shell', () => {
  expect(endsByItself({ entrypoint: ['/bin/sh', '-c'], command: ['seed; exit 0'] })).toBe(true)
  expect(endsByItself({ entrypoint: [] })).toBe(false)
})
