import { join } from 'node:path'
import { changedSecrets } from './changed-secrets.ts'
import { type Destination, outputOf } from './destination.ts'
import type { Format } from './formats.ts'
import { keptLines } from './kept-lines.ts'
import { isCurrent, type KeptReason, type OutputPlan, planOutput } from './plan-output.ts'
import { writeOutput } from './write-output.ts'

/** What became of the files of a destination. */
export interface Written {
  directory: string
  plan: OutputPlan
  /** The names of Secrets that have other contents than before. */
  changedSecrets: string[]
  /** What to print about files that were left. */
  kept: string[]
  /** Whether the files are what the project gives, apart from changes that a person made to exactly that. */
  current: boolean
}

/**
 * Writes manifests, by their file names, to a directory or a file, and leaves what a person has changed unless `force`. Throws
 * CannotWrite.
 */
export function writeManifests(
  destination: Exclude<Destination, { kind: 'stdout' }>,
  manifests: ReadonlyMap<string, string>,
  force: boolean,
): Written {
  const output = outputOf(destination, manifests)
  const plan = planOutput(output.existing, output.manifests, force)
  const changed = changedSecrets(output.existing, plan.write)
  writeOutput(output.directory, plan)
  const pathOf = (file: string) => join(output.directory, file)
  return {
    directory: output.directory,
    plan,
    changedSecrets: changed,
    kept: keptLines(plan.keep, output.manifests, pathOf),
    current: isCurrent(plan),
  }
}

/** The same for programs, without what is in the files. */
export function writtenOf({ directory, plan }: Written): {
  directory: string
  files: string[]
  kept: { file: string; state: KeptReason; added?: number; removed?: number }[]
  removed: string[]
} {
  const { write, same, keep, remove } = plan
  return {
    directory,
    files: [...write.keys(), ...same.keys()].sort(),
    kept: keep.map(({ file, reason, diff }) => ({
      file,
      state: reason,
      ...(diff === undefined ? {} : { added: diff.added, removed: diff.removed }),
    })),
    removed: remove,
  }
}

/**
 * `Wrote 36 of 38 objects to manifests, removed 2 files`; `out` is what the user calls the place, `total` the number of objects, or of files in
 * other formats than manifests.
 */
export function writtenText(
  { plan }: Written,
  { kind }: Destination,
  out: string,
  total: number,
  format: Format = 'manifests',
): string {
  const left = plan.keep.filter(({ reason }) => reason !== 'abandoned').length
  const written = kind === 'file' && left > 0 ? 0 : total - left
  const what = format === 'manifests' ? 'object' : 'file'
  const objects = total === 1 ? what : `${what}s`
  const removed = plan.remove.length
  return [
    `Wrote ${written === total ? total : `${written} of ${total}`} ${objects} to ${out}`,
    ...(removed === 0 ? [] : [`removed ${removed} ${removed === 1 ? 'file' : 'files'}`]),
  ].join(', ')
}
