import { lstatSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { CannotWrite } from '@landfall/local-cluster/write-whole'
import { UsageError } from '../errors.ts'
import type { Existing } from './plan-output.ts'
import { existingAt, existingIn } from './write-output.ts'

/** Where manifests go: the standard output, one file, or a directory with one object per file. */
export type Destination =
  | { kind: 'stdout' }
  | { kind: 'file'; path: string }
  | { kind: 'directory'; path: string }

/** Files of a destination: where they are, what is in them now, and what the project gives for them. */
export interface Output {
  directory: string
  existing: Map<string, Existing>
  manifests: ReadonlyMap<string, string>
}

/**
 * What `-o` means: `-` is the standard output, `*.yaml` and `*.yml` are a file unless there is such a directory, anything
 * else is a directory. Throws a UsageError for a directory that is something else.
 */
export function destinationOf(cwd: string, given: string): Destination {
  if (given === '-') return { kind: 'stdout' }
  const path = resolve(cwd, given)
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (/\.ya?ml$/i.test(given) && !isDirectory) return { kind: 'file', path }
  requireDirectory(path)
  return { kind: 'directory', path }
}

/** The files of a destination, read from the disk. Throws CannotWrite for a place that cannot be read. */
export function outputOf(
  destination: Exclude<Destination, { kind: 'stdout' }>,
  manifests: ReadonlyMap<string, string>,
): Output {
  try {
    return readOutput(destination, manifests)
  } catch (error) {
    throw new CannotWrite(destination.path, error)
  }
}

function readOutput(
  { kind, path }: Exclude<Destination, { kind: 'stdout' }>,
  manifests: ReadonlyMap<string, string>,
): Output {
  if (kind === 'directory')
    return { directory: path, existing: existingIn(path, new Set(manifests.keys())), manifests }
  const name = basename(path)
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined
  return {
    directory: dirname(path),
    existing: new Map(isThere ? [[name, existingAt(path)]] : []),
    manifests: new Map([[name, streamOf(manifests)]]),
  }
}

/** Manifests as one YAML stream. */
export function streamOf(manifests: ReadonlyMap<string, string>): string {
  return [...manifests.values()].join('---\n')
}

function requireDirectory(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined || stat.isDirectory()) return
  throw stat.isSymbolicLink()
    ? new UsageError(
        `${path} is a symbolic link`,
        'use the directory to which it points, or a new one',
      )
    : new UsageError(`${path} is a file`, 'use a directory')
}
