import { decodePath } from './entries.ts'

/** A file of a tree that a program has changed, so that the volume does not have what the project has. */
export interface KeptFile {
  /** As the Compose file writes it: `./config/app.ini`. */
  path: string
  /** `changed in the volume`, `deleted in the volume`, … */
  why: string
}

const LINE = /^kept (?<path>.+): (?<why>(?:changed|deleted) in the volume(?:, .*)?)$/

/** Reads a line that the script prints while it fills a claim; undefined for any other line. */
export function readKeptFile(line: string): KeptFile | undefined {
  const { path, why } = LINE.exec(line)?.groups ?? {}
  return path === undefined || why === undefined ? undefined : { path: decodePath(path), why }
}
