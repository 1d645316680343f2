import { posix } from 'node:path'
import { ownValue, recordOf } from '@landfall/diagnostic'
import type { Dockerfile, Instruction } from './parse.ts'
import { type BuildOptions, declared, globalArguments, type Stage, targetStage } from './stages.ts'
import { shellWords } from './words.ts'

/** A directory of the build context and the place in the image at which it is looked for. */
export interface WantedCopy {
  /** Relative to the context; empty for the context itself. */
  path: string
  /** Absolute. */
  target: string
}

/** `whole`: the directory is copied there. `parts`: directories in it are, and the target is the working directory. */
export type BuiltInto = 'whole' | 'parts'

/** A COPY or ADD. */
export interface Copy {
  /** Paths or patterns; `.` for all. */
  sources: string[]
  destination: string
  /** Another stage; empty for the context. */
  from: string
  /** Patterns of files below the sources that are not copied. */
  excluded: readonly string[]
  /** The working directory of the stage in the end. */
  workingDirectory: string
}

/** How the image of a build has a directory of its context at a path; undefined where it does not. */
export function copiedInto(
  dockerfile: Dockerfile,
  options: BuildOptions,
  wanted: WantedCopy,
): BuiltInto | undefined {
  const stage = targetStage(dockerfile, options)
  return stage === undefined ? undefined : inStage(stage, dockerfile, options, wanted, 0)
}

/** Stages name one another in a chain; a longer one is a circle. */
export const DEEPEST = 50

function inStage(
  stage: Stage,
  dockerfile: Dockerfile,
  options: BuildOptions,
  wanted: WantedCopy,
  depth: number,
): BuiltInto | undefined {
  if (depth > DEEPEST) return undefined
  let parts: BuiltInto | undefined
  for (const copy of copiesOf(stage, dockerfile, options).reverse()) {
    const found =
      copy.from === ''
        ? fromContext(copy, wanted)
        : fromStage(copy, dockerfile, options, wanted, depth)
    if (found === 'whole') return 'whole'
    parts ??= found
  }
  const { base } = stage
  return (
    parts ??
    ('stage' in base ? inStage(base.stage, dockerfile, options, wanted, depth + 1) : undefined)
  )
}

function fromContext(
  { sources, destination, workingDirectory }: Copy,
  { path, target }: WantedCopy,
): BuiltInto | undefined {
  const at = posix.normalize(`${target}/`).replace(/\/$/, '')
  for (const source of sources) {
    if (/[*?[]/.test(source)) continue
    const inside = posix.relative(source, path)
    if (!inside.startsWith('..') && posix.join(destination, inside) === at) return 'whole'
    const below = posix.relative(path, source)
    if (below.startsWith('..') || below === '' || at !== workingDirectory) continue
    const isDirectory = posix.extname(source) === ''
    if (isDirectory && posix.normalize(destination) === posix.join(at, below)) return 'parts'
  }
  return undefined
}

/** What another stage has at the path that is copied from it. */
function fromStage(
  { sources, destination, from }: Copy,
  dockerfile: Dockerfile,
  options: BuildOptions,
  wanted: WantedCopy,
  depth: number,
): BuiltInto | undefined {
  const stage = targetStage(dockerfile, { ...options, target: from })
  if (stage === undefined) return undefined
  for (const source of sources) {
    const inside = posix.relative(destination, wanted.target)
    if (inside.startsWith('..')) continue
    const target = posix.join('/', source, inside)
    const found = inStage(stage, dockerfile, options, { ...wanted, target }, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** COPY and ADD of a stage, with what its WORKDIR, ENV and ARG make of their words. */
export function copiesOf(stage: Stage, dockerfile: Dockerfile, options: BuildOptions): Copy[] {
  const globals = globalArguments(dockerfile, options)
  const variables = recordOf<string | undefined>()
  const lookup = (name: string) => variables[name]
  const words = ({ text }: Instruction) => shellWords(text, lookup, dockerfile.escapeMark)
  let directory = workdirBefore(stage, dockerfile)
  const copies: Omit<Copy, 'workingDirectory'>[] = []
  for (const instruction of stage.instructions) {
    const { name, text, flags } = instruction
    if (name === 'ARG')
      for (const [key, value] of declared(text, lookup, dockerfile.escapeMark))
        variables[key] = ownValue(options.args, key) ?? value ?? globals[key]
    if (name === 'ENV')
      for (const word of words(instruction)) {
        const at = word.indexOf('=')
        if (at > 0) variables[word.slice(0, at)] = word.slice(at + 1)
      }
    if (name === 'WORKDIR') directory = posix.resolve('/', directory, words(instruction).join(' '))
    if (name !== 'COPY' && name !== 'ADD') continue
    const paths = text.startsWith('[') ? jsonPaths(text) : words(instruction)
    const destination = paths.at(-1)
    if (paths.length < 2 || destination === undefined) continue
    copies.push({
      sources: paths
        .slice(0, -1)
        .map((path) => posix.normalize(path).replace(/^\/|\/$/g, '') || '.'),
      destination: posix.resolve('/', directory, destination),
      from: flags.from?.at(-1) ?? '',
      excluded: flags.exclude ?? [],
    })
  }
  return copies.map((copy) => ({ ...copy, workingDirectory: directory }))
}

function jsonPaths(text: string): string[] {
  try {
    return (JSON.parse(text) as unknown[]).map(String)
  } catch {
    return []
  }
}

/** The working directory with which a stage begins, as far as the Dockerfile says. */
function workdirBefore({ base }: Stage, dockerfile: Dockerfile): string {
  if (!('stage' in base)) return '/'
  let directory = workdirBefore(base.stage, dockerfile)
  for (const { name, text } of base.stage.instructions)
    if (name === 'WORKDIR') directory = posix.resolve('/', directory, text)
  return directory
}
