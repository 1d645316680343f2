import type { BuildFailure } from '@landfall/local-cluster'
import { colourFor } from '../colour.ts'
import type { Terminal } from '../terminal.ts'

/** Prints why an image could not be built: the line of the Dockerfile, and the last lines of the build. */
export function printBuildFailure(failure: BuildFailure, { stderr, env }: Terminal): void {
  const paint = colourFor(stderr, env)
  const place = `${failure.dockerfile}${failure.line === undefined ? '' : `:${failure.line}`}: `
  stderr.write(
    `${paint('bold', place)}${paint('error', 'error')}: the image ${failure.image} could not be built: ${failure.message} ${paint('dim', '[cli/build-failed]')}\n`,
  )
  for (const line of failure.output) stderr.write(`  ${paint('dim', '|')} ${line}\n`)
}
