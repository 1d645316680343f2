import { posix } from 'node:path'
import { parseIgnoreFile } from '../build-context/ignore.ts'
import { pathPattern } from '../build-context/path-pattern.ts'
import { type Copy, copiesOf, DEEPEST } from './copies.ts'
import type { Dockerfile } from './parse.ts'
import { type BuildOptions, type Stage, targetStage } from './stages.ts'

/**
 * Whether the image of a build has a file of a build context: the last stage copies it, or copies from a stage that does. `path` is
 * relative to the context, `context` the name of an additional context or empty. What a RUN copies or removes is not seen.
 */
export function copiedFiles(
  dockerfile: Dockerfile,
  options: BuildOptions,
): (path: string, context?: string) => boolean {
  const placesIn = (stage: Stage, path: string, context: string, depth: number): string[] => {
    if (depth > DEEPEST) return []
    const { base } = stage
    const inherited = 'stage' in base ? placesIn(base.stage, path, context, depth + 1) : []
    const copied = copiesOf(stage, dockerfile, options).flatMap((copy) => {
      // A context of that name takes the place of a stage.
      if (copy.from === context) return destinations(copy, path)
      const other =
        copy.from === '' ? undefined : targetStage(dockerfile, { ...options, target: copy.from })
      if (other === undefined) return []
      return placesIn(other, path, context, depth + 1).flatMap((place) =>
        destinations(copy, place.slice(1)),
      )
    })
    return [...new Set([...inherited, ...copied])]
  }
  const stage = targetStage(dockerfile, options)
  return (path, context = '') => stage !== undefined && placesIn(stage, path, context, 0).length > 0
}

/** Where a COPY puts a file: of a directory its content is copied, of a file it depends on what exists, so both places count. */
function destinations({ sources, destination, excluded }: Copy, path: string): string[] {
  const excludes = parseIgnoreFile(excluded.join('\n'))
  return sources.flatMap((source) => {
    const below = pathBelow(source, path)
    if (below === undefined) return []
    if (below !== '') return excludes.leavesOut(below) ? [] : [posix.join(destination, below)]
    return excludes.leavesOut(posix.basename(path))
      ? []
      : [destination, posix.join(destination, posix.basename(path))]
  })
}

/** The rest of a path below a source, whose parts may be patterns; undefined if it is not there. */
function pathBelow(source: string, path: string): string | undefined {
  const patterns = source === '.' ? [] : source.split('/')
  const parts = path.split('/')
  if (patterns.length > parts.length) return undefined
  for (const [index, pattern] of patterns.entries())
    if (pathPattern(pattern)?.([...(parts[index] ?? '')]) !== true) return undefined
  return parts.slice(patterns.length).join('/')
}
