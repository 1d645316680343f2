import type { DeployEvent } from '@landfall/deploy'
import type { ProgressEvent } from '@landfall/local-cluster'
import type { OutputFormat } from '../output-option.ts'
import type { Terminal } from '../terminal.ts'
import { jsonDisplay } from './json.ts'
import { plainDisplay } from './plain.ts'
import { ttyDisplay } from './tty.ts'

/** Shows what happens while it happens. */
export interface Display {
  /** A step of our own: building, starting, pulling. */
  progress(event: ProgressEvent): void
  /** A step of a deploy. */
  deploy(event: DeployEvent): void
  /** One line that stays. */
  say(line: string): void
  /** Nothing is shown after this. */
  close(): void
}

/** The display that fits: JSON when asked for, a live region on a terminal, else one line per change. */
export function displayFor(terminal: Terminal, format: OutputFormat): Display {
  if (format === 'json') return jsonDisplay(terminal)
  const live = terminal.stderr.columns !== undefined && terminal.env.TERM !== 'dumb'
  return live ? ttyDisplay(terminal) : plainDisplay(terminal)
}
