import { expect, test } from 'vitest'
import type { Terminal } from '../../terminal.ts'
import { siteTerminal } from './site-terminal.ts'

test('each line begins with its site, and lines of two sites do not mix', () => {
  let printed = ''
  const writer = {
    write(text: string) {
      printed += text
    },
    columns: 80,
    rows: 25,
  }
  const outer = { stdout: writer, stderr: writer } as unknown as Terminal
  const one = siteTerminal(outer, 'cloud', 6)
  const two = siteTerminal(outer, 'edge-1', 6)
  one.terminal.stdout.write('a\nb')
  two.terminal.stderr.write('c\n\n')
  one.terminal.stdout.write(' b\n')
  two.terminal.stderr.write('d')
  one.end()
  two.end()
  expect(printed).toBe('cloud  | a\nedge-1 | c\nedge-1 |\ncloud  | b b\nedge-1 | d\n')
  expect(one.terminal.stderr.columns).toBeUndefined()
  expect(one.terminal.site).toBe('cloud')
})
