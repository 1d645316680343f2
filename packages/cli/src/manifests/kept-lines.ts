import { headerLine, placeOfLine } from './header.ts'
import type { KeptFile, KeptReason } from './plan-output.ts'
import { isSecret } from './write-output.ts'

/** Differences that are printed; of further files the counts are. */
const SHOWN = 5

const SAYS: Readonly<Record<KeptReason, string>> = {
  changed: 'was changed by hand and is left as it is',
  outdated: 'was changed by hand and is left as it is, but the project has changed since',
  foreign: 'was not written by Landfall and is left as it is',
  abandoned: 'is no longer generated, but was changed by hand and is left as it is',
}

/**
 * What `convert` prints about files that it has left, as lines: each file with what `--force` would do with it, the first difference, and
 * what to do. `pathOf` is the path of a file for people. Contents of Secrets and ConfigMaps are not printed.
 */
export function keptLines(
  keep: readonly KeptFile[],
  manifests: ReadonlyMap<string, string>,
  pathOf: (file: string) => string,
): string[] {
  const withHunks = keep.filter(({ diff }) => diff?.hunk !== undefined).slice(0, SHOWN)
  return keep.flatMap((kept) => {
    const { file, reason, diff, what } = kept
    const severity = reason === 'changed' ? 'note' : 'error'
    const says = what === undefined ? SAYS[reason] : `${what} and is left as it is`
    const hunk = withHunks.includes(kept) ? (diff?.hunk ?? []) : []
    return [
      `${severity}: ${pathOf(file)} ${says}${diff === undefined ? '' : ` (--force: ${countOf(diff.added, 'added')}, ${diff.removed} removed)`}`,
      ...hunk.map((line) => `    ${line}`),
      ...hintOf(kept, manifests).map((hint) => `  hint: ${hint}`),
    ]
  })
}

function hintOf({ file, reason, what }: KeptFile, manifests: KeptManifests): string[] {
  if (what !== undefined) return ['remove it, or use another directory']
  if (reason === 'foreign') return ['rename it, or use --force to overwrite it']
  if (reason === 'abandoned')
    return [`delete it, or delete its ${placeOfLine(file)} line to keep it as your own`]
  if (reason === 'changed') return []
  const manifest = manifests.get(file) ?? ''
  // The checksum of a Secret is in its own file alone (decision 0018).
  if (isSecret(manifest)) return ['use --force to overwrite it']
  const line = headerLine(file, manifest)
  const quoted = line.includes('"') ? line.trim() : `"${line}"`
  return [
    `use --force to overwrite it, or merge both and make its ${placeOfLine(file)} line ${quoted}`,
  ]
}

type KeptManifests = ReadonlyMap<string, string>

function countOf(count: number, what: string): string {
  return `${count} ${count === 1 ? 'line' : 'lines'} ${what}`
}
