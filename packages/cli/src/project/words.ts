import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Terminal } from '../terminal.ts'
import type { ProjectOptions } from './options.ts'

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']

/**
 * PROJECT and the names of services in the words of a command. The first word is PROJECT if it is a path (`.`, `./shop`, `compose.yaml`), or
 * a directory with a Compose file where the current one has none; with -p or -f only a path is.
 */
export function wordsOf(
  words: readonly string[],
  { file, projectName }: ProjectOptions,
  { cwd }: Pick<Terminal, 'cwd'>,
): { place: string | undefined; names: string[] } {
  const [first, ...rest] = words
  const hasProject = (directory: string): boolean =>
    COMPOSE_FILES.some((name) => existsSync(join(directory, name)))
  const isNamed = file !== undefined || projectName !== undefined || hasProject(cwd)
  const isPlace =
    first !== undefined && (isPath(first) || (!isNamed && hasProject(resolve(cwd, first))))
  return isPlace ? { place: first, names: rest } : { place: undefined, names: [...words] }
}

function isPath(word: string): boolean {
  return word.includes('/') || word === '.' || word === '..' || /\.ya?ml$/.test(word)
}
