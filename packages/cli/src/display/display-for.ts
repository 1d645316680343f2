import type { Terminal } from '../terminal.ts'
import type { Display } from './display.ts'
import { jsonDisplay } from './json.ts'
import { plainDisplay } from './plain.ts'
import { ttyDisplay } from './tty.ts'

/** The display that fits: JSON with `--output json`, a live region on a terminal, else one line per change. */
export function displayFor(terminal: Terminal): Display {
  if (terminal.output === 'json') return jsonDisplay(terminal)
  const live = terminal.stderr.columns !== undefined && terminal.env.TERM !== 'dumb'
  return live ? ttyDisplay(terminal) : plainDisplay(terminal)
}
