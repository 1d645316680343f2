import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { SECRET_MODE, writeWhole } from '@landfall/local-cluster/write-whole'
import { checkReplaceable, isSecret, writeDirectory } from './write-directory.ts'

/** Where manifests go: the standard output, one file, or a directory with one object per file. */
export type Destination =
  | { kind: 'stdout' }
  | { kind: 'file'; path: string }
  | { kind: 'directory'; path: string }

/**
 * What `-o` means: `-` is the standard output, `*.yaml` and `*.yml` are a file unless there is such a directory, anything
 * else is a directory. Throws a UsageError when the directory holds something that is not ours to replace.
 */
export function destinationOf(cwd: string, given: string): Destination {
  if (given === '-') return { kind: 'stdout' }
  const path = resolve(cwd, given)
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (/\.ya?ml$/i.test(given) && !isDirectory) return { kind: 'file', path }
  checkReplaceable(path)
  return { kind: 'directory', path }
}

/** Writes manifests, by their file names, to files; returns the directory and the names in it. */
export function writeManifests(
  { kind, path }: Exclude<Destination, { kind: 'stdout' }>,
  manifests: ReadonlyMap<string, string>,
): { directory: string; files: string[] } {
  if (kind === 'directory') {
    writeDirectory(path, manifests)
    return { directory: path, files: [...manifests.keys()] }
  }
  const secret = [...manifests.values()].some(isSecret)
  writeWhole(path, streamOf(manifests), secret ? SECRET_MODE : undefined)
  return { directory: dirname(path), files: [basename(path)] }
}

/** Manifests as one YAML stream. */
export function streamOf(manifests: ReadonlyMap<string, string>): string {
  return [...manifests.values()].join('---\n')
}
