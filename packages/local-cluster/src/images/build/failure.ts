import { type Instruction, lineOfStep } from './dockerfile.ts'
import type { BuildFailure } from './outcome.ts'

/** Reads what a builder said on its way to a failure. Knows the words of buildah and of Docker. */
export function readFailure(
  said: string,
  instructions: readonly Instruction[],
): Pick<BuildFailure, 'message' | 'line' | 'output'> {
  const lines = said.split('\n').map((line) => line.trimEnd())
  const output = lines.filter((line) => line !== '').slice(-20)
  const error = lines.findLast((line) => /^(?:Error|ERROR|error):/.test(line))
  const [, step, reason] = /building at STEP "(.*)": (.*)$/.exec(error ?? '') ?? []
  if (step !== undefined && reason !== undefined) {
    const line = lineOfStep(instructions, step)
    return { message: `${step}: ${reason}`, ...(line !== undefined && { line }), output }
  }
  const told = /line (\d+)|Dockerfile:(\d+)/.exec(error ?? '')
  const message = (error ?? output.at(-1) ?? 'the build failed').replace(/^\w+: /, '')
  return { message, ...(told && { line: Number(told[1] ?? told[2]) }), output }
}
