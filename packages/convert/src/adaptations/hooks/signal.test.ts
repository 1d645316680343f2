import { expect, test } from 'vitest'
import { killCommand } from './signal.ts'

test.each([
  ['SIGQUIT', 'kill -s QUIT 1'],
  ['usr1', 'kill -s USR1 1'],
  ['3', 'kill -3 1'],
  ['SIGRTMIN+3', 'kill -37 1'],
  ['SIGRTMAX-1', 'kill -63 1'],
  ['SIGTERM', 'kill -s TERM 1'],
  ['15', 'kill -s TERM 1'],
  ['FOO9', undefined],
  ['; rm -rf /', undefined],
])('%s', (signal, command) => {
  expect(killCommand(signal)).toBe(command)
})
