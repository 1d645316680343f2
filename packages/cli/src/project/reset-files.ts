import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { DeployOptions } from '@landfall/deploy'
import { type Bundle, filledFrom, isBelow } from '@landfall/kube'
import { UsageError } from '../errors.ts'

/**
 * What `--reset-files` means: the paths as the Compose file writes them. A path is one of the project directory, or one of
 * the current directory. Throws a UsageError for a path that no volume is filled from.
 */
export function resetFilesOf(
  paths: readonly string[],
  bundle: Bundle,
  { projectDirectory, cwd }: { projectDirectory: string; cwd: string },
): NonNullable<DeployOptions['resetFiles']> {
  const workloads = [...bundle.objects.values()].filter(({ kind }) => kind !== 'Job')
  const trees = [...new Set(workloads.flatMap(filledFrom))].sort()
  const shown = paths.flatMap((path) => {
    for (const directory of [projectDirectory, cwd]) {
      const found = trees.flatMap((tree) =>
        partOf(tree, resolve(directory, path), resolve(projectDirectory, tree)),
      )
      if (found.length > 0) return found
    }
    throw new UsageError(
      `no volume is filled from ${path}`,
      trees.length === 0
        ? 'this project fills no volume of a service that keeps running'
        : `volumes are filled from ${trees.join(', ')}`,
    )
  })
  return { token: randomBytes(5).toString('hex'), paths: [...new Set(shown)] }
}

/** The tree where the path has all of it in it, the part of the tree that the path is, or nothing. */
function partOf(tree: string, path: string, root: string): string[] {
  if (isBelow(root, path) || path === '/') return [tree]
  return isBelow(path, root) ? [`${tree}${path.slice(root.length)}`] : []
}
