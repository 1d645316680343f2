import { ownValue, recordOf } from '@landfall/diagnostic'
import type { Dockerfile, Instruction } from './parse.ts'
import { type BuildOptions, declared, globalArguments } from './stages.ts'
import { shellWords } from './words.ts'

/** An image that a build pulls. */
export interface PulledImage {
  image: string
  /** Of the instruction that names it first, from 1. */
  line: number
}

/**
 * The images that a build pulls, once each: those of FROM, `COPY --from` and `RUN --mount=from=` that are not stages before
 * it. All stages count, also those that the target does not need.
 */
export function pulledImages(dockerfile: Dockerfile, options: BuildOptions): PulledImage[] {
  const { instructions, escapeMark } = dockerfile
  const globals = globalArguments(dockerfile, options)
  const stages = new Set<string>()
  const found = new Map<string, PulledImage>()
  let args = recordOf<string | undefined>()
  let stage = -1
  for (const instruction of instructions) {
    const { name, text, line } = instruction
    const add = (image: string, isStage: boolean) => {
      if (image !== '' && image.toLowerCase() !== 'scratch' && !isStage && !found.has(image))
        found.set(image, { image, line })
    }
    if (name === 'FROM') {
      const [from = '', as, alias] = shellWords(text, (one) => globals[one], escapeMark)
      add(from, stages.has(from.toLowerCase()))
      if (as?.toLowerCase() === 'as' && alias !== undefined) stages.add(alias.toLowerCase())
      args = recordOf()
      stage += 1
    } else if (name === 'ARG' && stage >= 0) {
      for (const [key, value] of declared(text, (one) => args[one], escapeMark))
        args[key] = ownValue(options.args, key) ?? value ?? globals[key]
    } else {
      for (const written of sourcesOf(instruction)) {
        const [from = ''] = shellWords(written, (one) => args[one], escapeMark)
        const isIndex = /^\d+$/.test(from) && Number(from) < stage
        add(from, isIndex || stages.has(from.toLowerCase()))
      }
    }
  }
  return [...found.values()]
}

/** What an instruction copies or mounts from: an image, or the name or number of a stage. */
function sourcesOf({ name, flags }: Instruction): string[] {
  if (name === 'COPY') return flags.from?.slice(-1) ?? []
  if (name !== 'RUN') return []
  return (flags.mount ?? []).flatMap((mount) => /(?:^|,)from=([^,]*)/.exec(mount)?.[1] ?? [])
}
