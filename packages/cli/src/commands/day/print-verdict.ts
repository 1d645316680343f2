import type { Verdict } from '@landfall/deploy'
import { colourFor } from '../../colour.ts'
import { renderVerdict } from '../../display/verdict.ts'
import { verdictLine } from '../../output/deploy-event.ts'
import { printLine } from '../../output/print-line.ts'
import type { Terminal } from '../../terminal.ts'

/** Prints the verdict of a command that does not have the files of the project. */
export function printVerdict(verdict: Verdict, terminal: Terminal): void {
  const { stdout, env } = terminal
  const project = { origins: new Map(), sources: new Map() }
  if (terminal.output === 'json') printLine(verdictLine(verdict, []), terminal)
  else stdout.write(renderVerdict(verdict, [], project, colourFor(stdout, env)))
}
