import { printable } from './escapes.ts'
import { maskedWriter, secretMask } from './output/secret-mask.ts'
import type { Terminal } from './terminal.ts'

/** A terminal that records what is written to it: for tests. */
export function quietTerminal(cwd = '/'): {
  terminal: Terminal
  printed: { stdout: string; stderr: string }
} {
  const printed = { stdout: '', stderr: '' }
  const writer = (stream: keyof typeof printed) => ({
    write: (text: string) => {
      printed[stream] += printable(text)
    },
    columns: undefined,
    rows: undefined,
  })
  const mask = secretMask()
  const content = writer('stdout')
  const terminal: Terminal = {
    cwd,
    env: {},
    stdout: maskedWriter(content, mask),
    stderr: maskedWriter(writer('stderr'), mask),
    content,
    mask,
    streams: {
      isTerminal: false,
      input: (async function* () {})(),
      async write(stream, bytes) {
        printed[stream] += Buffer.from(bytes).toString()
      },
      sizes: () => (async function* () {})(),
      raw: () => undefined,
    },
    now: () => 0,
    interruption: () => new AbortController().signal,
    exitCode: 0,
    output: 'text',
  }
  return { terminal, printed }
}
