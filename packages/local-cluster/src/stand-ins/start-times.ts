import { readRoles } from './read-roles.ts'

/**
 * How long each role of a directory works before it is ready, or done, once everything that it looks for is there: the
 * durations of its steps as they are written, by image name. Throws InvalidRoles.
 */
export async function startTimes(directory: string): Promise<ReadonlyMap<string, string[]>> {
  const roles = await readRoles(directory)
  return new Map(
    roles.map(({ role }) => [
      role.image,
      role.steps.flatMap(({ take }) => (take === undefined ? [] : [take])),
    ]),
  )
}
