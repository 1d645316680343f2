import type { Chunks } from '../blob.ts'

/** Reads a file, or the bytes of it from `start` up to `end` (not included). Rejects where it is not there. */
export type ReadRange = (path: string, range?: { start: number; end: number }) => Chunks
