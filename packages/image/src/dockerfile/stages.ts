import { ownValue, recordOf } from '@landfall/diagnostic'
import type { Dockerfile, Instruction } from './parse.ts'
import { type Lookup, shellWords } from './words.ts'

/** The settings of a build. */
export interface BuildOptions {
  /** The stage that becomes the image; the last if omitted. */
  target?: string
  args?: Readonly<Record<string, string | null>>
  /** What is built for: `linux/arm64`, `linux/arm/v7`; `linux/amd64` if omitted. */
  platform?: string
}

export interface Stage {
  name?: string
  /** Another stage, or the image that this one starts from. */
  base: { stage: Stage } | { image: string }
  instructions: Instruction[]
}

/** A Dockerfile with more was not written by a person. */
const MOST_STAGES = 500

/** The stage that becomes the image, or undefined where the Dockerfile has none such. */
export function targetStage(dockerfile: Dockerfile, options: BuildOptions): Stage | undefined {
  const { instructions, escapeMark } = dockerfile
  const globals = globalArguments(dockerfile, options)
  const stages: Stage[] = []
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction)
      continue
    }
    if (stages.length === MOST_STAGES) return undefined
    const [from = '', as, name] = shellWords(instruction.text, (one) => globals[one], escapeMark)
    const stage = stages.find((one) => isNamed(one, from))
    stages.push({
      base: stage === undefined ? { image: from } : { stage },
      instructions: [],
      ...(as?.toLowerCase() === 'as' && name !== undefined ? { name } : {}),
    })
  }
  const { target = '' } = options
  if (target === '') return stages.at(-1)
  return stages.find((one) => isNamed(one, target)) ?? stages[/^\d+$/.test(target) ? +target : -1]
}

function isNamed({ name }: Stage, wanted: string): boolean {
  return name !== undefined && name.toLowerCase() === wanted.toLowerCase()
}

/** The arguments before the first FROM, with those that every builder has; a stage gets those that its own ARG declares. */
export function globalArguments(
  { instructions, escapeMark }: Dockerfile,
  { args = {}, platform }: BuildOptions,
): Record<string, string> {
  const globals = recordOf(Object.entries(platformArguments(platform)))
  for (const name of Object.keys(globals))
    globals[name] = ownValue(args, name) ?? globals[name] ?? ''
  for (const { name, text } of instructions) {
    if (name === 'FROM') break
    if (name === 'ARG')
      for (const [key, value] of declared(text, (one) => globals[one], escapeMark)) {
        const given = ownValue(args, key) ?? value
        if (given !== undefined) globals[key] = given
      }
  }
  return globals
}

/** https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
function platformArguments(platform = 'linux/amd64'): Record<string, string> {
  const [os = '', architecture = '', variant = ''] = platform.split('/')
  const parts = { PLATFORM: platform, OS: os, ARCH: architecture, VARIANT: variant }
  return Object.fromEntries(
    ['TARGET', 'BUILD'].flatMap((side) =>
      Object.entries(parts).map(([part, value]) => [`${side}${part}`, value]),
    ),
  )
}

/** The arguments that an ARG declares, with their defaults. */
export function declared(
  text: string,
  lookup: Lookup,
  escapeMark: string,
): [string, string | undefined][] {
  return shellWords(text, lookup, escapeMark).map((word) => {
    const at = word.indexOf('=')
    return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
  })
}
