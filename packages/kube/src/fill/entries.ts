/** A file or a directory of a tree that fills a claim. */
export interface FillEntry {
  /** Below the root of the claim: `data/conf/app.ini`. */
  path: string
  mode: number
  /** SHA-256 of the content in hexadecimal; absent for a directory. */
  sha256?: string
  /** `uid:gid`; root if absent. */
  owner?: string
}

/** A path as the lists have it, on one line: backslashes and line feeds are `\\` and `\n`. */
export function encodePath(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** The reverse of {@link encodePath}. */
export function decodePath(path: string): string {
  return path.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))
}

/**
 * The list of a tree, as the script that fills a claim reads it: a line `f MODE SHA256 OWNER ./PATH` for each file and
 * `d MODE - OWNER ./PATH` for each directory, parents first and the files of one directory together.
 */
export function printEntries(entries: readonly FillEntry[]): string {
  return entries
    .map((entry) => ({ entry, at: entry.path.lastIndexOf('/') }))
    .map(({ entry, at }) => ({ entry, directory: entry.path.slice(0, Math.max(at, 0)) }))
    .sort((a, b) => compare(a.directory, b.directory) || compare(a.entry.path, b.entry.path))
    .map(({ entry: { path, mode, sha256, owner = '-' } }) =>
      [
        sha256 === undefined ? 'd' : 'f',
        mode.toString(8),
        sha256 ?? '-',
        owner,
        `./${encodePath(path)}\n`,
      ].join(' '),
    )
    .join('')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
