import type { Instruction } from '@landfall/image'
import type { BuildFailure } from './outcome.ts'

/** Finds the failed instruction and the reason in a builder's output. Knows the messages of buildah and of Docker. */
export function readFailure(
  printed: string,
  instructions: readonly Instruction[],
): Pick<BuildFailure, 'message' | 'line' | 'output'> {
  const lines = printed
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^subprocess exited with status \d+$/.test(line))
  const error = lines.findLast((line) => /^error:/i.test(line))
  const stepAt = lines.findLastIndex((line) => stepLine.test(line))
  const step = stepLine.exec(lines[stepAt] ?? '')?.[1]?.replace(/\s+/g, ' ')
  const output = lines
    .slice(stepAt + 1)
    .filter((line) => line !== error)
    .slice(-20)
  if (step !== undefined && error !== undefined) {
    const line = lineOfStep(instructions, step)
    const reason = error
      .replace(/^error: (?:building at STEP ".*?": (?=[^:]|$))?/i, '')
      .replace(/^while running runtime: /, '')
      .replace(/ &imagebuilder\..*$/, '')
    return { message: `${shorten(step)} failed: ${reason}`, ...(line && { line }), output }
  }
  const place = /line (\d+)|Dockerfile:(\d+)/.exec(error ?? '')
  const message = (error ?? lines.at(-1) ?? 'the build failed').replace(/^error: /i, '')
  return { message, ...(place && { line: Number(place[1] ?? place[2]) }), output }
}

/** The line of the instruction that a builder quotes in its error; white space does not count. */
function lineOfStep(instructions: readonly Instruction[], quoted: string): number | undefined {
  const plain = (text: string) => text.trim().replace(/\s+/g, ' ')
  return instructions.find(({ source }) => plain(source) === plain(quoted))?.line
}

/** How buildah announces an instruction. */
const stepLine = /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: (.*)$/

function shorten(step: string): string {
  return step.length <= 80 ? step : `${step.slice(0, 79)}…`
}
