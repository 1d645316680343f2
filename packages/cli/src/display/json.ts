import type { Terminal } from '../terminal.ts'
import type { Display } from './display.ts'

/** Every event as one JSON value a line on stdout; `type` tells which. */
export function jsonDisplay({ stdout }: Terminal): Display {
  const tell = (value: unknown): void => stdout.write(`${JSON.stringify(value)}\n`)
  return {
    progress: (event) => tell({ type: 'progress', ...event }),
    // The verdict is told by the command, with the images beside it.
    deploy: (event) => {
      if (event.type !== 'verdict') tell(event)
    },
    say: (line) => tell({ type: 'note', message: line }),
    close: () => undefined,
  }
}
