import { eventLine } from '../output/deploy-event.ts'
import { printLine } from '../output/print-line.ts'
import type { Terminal } from '../terminal.ts'
import type { Display } from './display.ts'

/** Every event as one line for programs. */
export function jsonDisplay(terminal: Pick<Terminal, 'content' | 'mask' | 'site'>): Display {
  return {
    progress: ({ step, state, detail, ms }) =>
      printLine(
        {
          type: 'progress',
          step,
          state,
          ...(detail !== undefined && { detail }),
          ...(ms !== undefined && { ms }),
        },
        terminal,
      ),
    // The command prints the verdict, together with the images.
    deploy: (event) => {
      if (event.type !== 'verdict') printLine(eventLine(event), terminal)
    },
    say: (message) => printLine({ type: 'note', message }, terminal),
    close: () => undefined,
  }
}
