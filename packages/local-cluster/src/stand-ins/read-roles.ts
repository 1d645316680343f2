import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseImageReference } from '@landfall/image'
import { assetDirectory } from '../cache/assets.ts'
import { InvalidRoles, type Role, type RoleProblem } from './role.ts'

/** A role and its file, with the path as seen from the working directory. */
export interface FoundRole {
  file: string
  role: Role
}

/**
 * Reads the roles of a directory, one in each `*.yaml`, ordered by file name.
 * Throws {@link InvalidRoles} with everything that is wrong with them.
 */
export async function readRoles(directory: string): Promise<FoundRole[]> {
  // Loaded here: every command that knows local clusters loads this file, and few read roles.
  const { compileRoleSchema, readRole } = await import('./read-role.ts')
  const schema = await readFile(join(assetDirectory('stand-in'), 'role.schema.json'), 'utf8')
  const fits = compileRoleSchema(schema)
  const below = relative(process.cwd(), directory) || '.'
  const shown = below.startsWith('..') ? directory : below
  const roles: FoundRole[] = []
  const problems: RoleProblem[] = []
  for (const name of await roleFiles(directory, shown)) {
    const file = join(shown, name)
    const read = readRole(file, await readFile(join(directory, name), 'utf8'), fits)
    if (!('role' in read)) {
      problems.push(...read.problems)
      continue
    }
    if (parseImageReference(read.role.image) === undefined) {
      const message = `"${read.role.image}" is not a valid image name`
      problems.push({ file, line: 1, column: 1, message })
      continue
    }
    const other = roles.find(({ role }) => sameImage(role.image, read.role.image))
    if (other === undefined) roles.push({ file, role: read.role })
    else
      problems.push({
        file,
        line: 1,
        column: 1,
        message: `${read.role.image} already has a role in ${other.file}; one role can branch on environment variables`,
      })
  }
  if (problems.length > 0) throw new InvalidRoles(problems)
  return roles
}

async function roleFiles(directory: string, shown: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    const message = error.code === 'ENOENT' ? 'the directory does not exist' : error.message
    throw new InvalidRoles([{ file: shown, line: 1, column: 1, message }])
  })
  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted()
  if (files.length === 0)
    throw new InvalidRoles([
      { file: shown, line: 1, column: 1, message: 'no *.yaml files in the directory' },
    ])
  return files
}

function sameImage(a: string, b: string): boolean {
  return JSON.stringify(parseImageReference(a)) === JSON.stringify(parseImageReference(b))
}
