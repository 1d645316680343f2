import { parseDuration } from './duration.ts'
import { readRoles } from './read-roles.ts'

/**
 * How long each role of a directory works before it is ready, or done, once everything that it looks for is there:
 * milliseconds by image name. Throws InvalidRoles.
 */
export async function startTimes(directory: string): Promise<ReadonlyMap<string, number>> {
  const roles = await readRoles(directory)
  return new Map(
    roles.map(({ role }) => [
      role.image,
      role.steps.reduce((sum, { take = '0s' }) => sum + parseDuration(take), 0),
    ]),
  )
}
