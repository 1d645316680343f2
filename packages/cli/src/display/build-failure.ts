import { renderDiagnostic, type Span } from '@landfall/diagnostic'
import type { BuildFailure } from '@landfall/local-cluster'
import { LARGEST_BUILD_FILE, readBounded } from '@landfall/local-cluster/read-bounded'
import type { CliCode } from '../codes.ts'
import { colourFor } from '../colour.ts'
import { programLine } from '../escapes.ts'
import { printLine } from '../output/print-line.ts'
import type { Terminal } from '../terminal.ts'
import { shortPath } from './words.ts'

/** Prints why an image could not be built: the line of the Dockerfile, and the last lines of the build. */
export function printBuildFailure(failure: BuildFailure, terminal: Terminal): void {
  const { stderr, env, cwd } = terminal
  const { dockerfile, line, image, message, output } = failure
  const code: CliCode = 'cli/build-failed'
  const problem = `cannot build image ${image}: ${message}`
  if (terminal.output === 'json') printLine({ type: 'error', code, message: problem }, terminal)
  const file = shortPath(cwd, dockerfile)
  const read = readBounded(dockerfile, LARGEST_BUILD_FILE)
  const text = read.ok ? read.text : ''
  const paint = colourFor(stderr, env)
  const diagnostic = renderDiagnostic(
    {
      code,
      severity: 'error',
      message: problem,
      path: '',
      at: line === undefined ? { file, start: 0, end: 0 } : lineSpan(file, text, line),
    },
    line === undefined ? new Map() : new Map([[file, text]]),
    paint,
  )
  stderr.write(
    `${[diagnostic, ...output.map((one) => `  ${paint('dim', '|')} ${programLine(one, paint.wanted === true)}`)].join('\n')}\n`,
  )
}

function lineSpan(file: string, text: string, line: number): Span {
  const before = text.split('\n').slice(0, line - 1)
  const start = before.reduce((offset, one) => offset + one.length + 1, 0)
  const end = text.indexOf('\n', start)
  return { file, start, end: end === -1 ? text.length : end }
}
