import { FILLED_FROM_ANNOTATION } from '../annotations.ts'
import type { KubeObject } from '../object.ts'
import { decodePath, encodePath } from './entries.ts'

/** Where init containers have the script that fills claims, and where they mount these, one numbered directory each. */
export const FILL_PROGRAM = '/landfall/files/fill.sh'
export const FILL_VOLUMES = '/landfall/volumes'

/** One tree that an init container keeps in step, or waits for. */
export interface FillStep {
  /** `await`: the tree is copied through the API, and the container waits until it is there. */
  verb: 'fill' | 'await'
  /** Number of the directory at which the claim is mounted. */
  place: number
  /** Name of the files of the script in the claim. */
  id: string
  /** Directory of the claim: `data`. */
  path: string
  /** As the Compose file writes the tree: `./config`. */
  shown: string
  /** Of a tree that is copied. */
  digest?: string
}

const WORDS = 6

/** The command of an init container with these steps. */
export function printFillSteps(steps: readonly FillStep[]): string[] {
  const words = steps.flatMap(({ verb, place, id, path, shown, digest = '-' }) => [
    verb,
    String(place),
    id,
    encodePath(path),
    encodePath(shown),
    digest,
  ])
  return ['sh', FILL_PROGRAM, ...words]
}

/** The steps of a container; none for a container that does something else. */
export function readFillSteps({ command }: { command?: string[] }): FillStep[] {
  const [, program, ...words] = command ?? []
  if (program !== FILL_PROGRAM) return []
  return Array.from({ length: Math.floor(words.length / WORDS) }, (_, index) => {
    const [verb, place, id = '', path = '', shown = '', digest = '-'] = words.slice(
      index * WORDS,
      (index + 1) * WORDS,
    )
    return {
      verb: verb === 'await' ? 'await' : 'fill',
      place: Number(place),
      id,
      path: decodePath(path),
      shown: decodePath(shown),
      ...(digest === '-' ? {} : { digest }),
    }
  })
}

/** The trees with which the claims of a workload are kept in step: `./config`. */
export function filledFrom({ metadata }: KubeObject): string[] {
  return JSON.parse(metadata.annotations?.[FILLED_FROM_ANNOTATION] ?? '[]')
}

/** Whether a path of the project is a tree, is in it, or has it in it. */
export function touchesTree(path: string, tree: string): boolean {
  return isBelow(path, tree) || isBelow(tree, path)
}

/** Whether a path of the project is another one, or is in it. */
export function isBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`)
}
