import { displayPath } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import type { LedgerEntry } from '../ledger/ledger.ts'

/** The comments of an object while they are collected. */
export interface CommentDraft {
  readonly object: KubeObject
  /** Adds a line above a field, if the object has it; returns whether it has. */
  at(pointer: readonly (string | number)[], line: string): boolean
}

/** Entries of the ledger that a reader may need; each is printed once for an object. */
export interface OpenEntries {
  /** The entry of a path, which is then printed elsewhere. */
  take(path: string): LedgerEntry | undefined
  /** The same for all below a path that nobody has taken. */
  takeBelow(path: string): LedgerEntry[]
}

/** `services.db.volumes[0]: 2 files from a ConfigMap` */
export function entryLine({ outcome, path, reason, also = [] }: LedgerEntry): string {
  const lost = outcome === 'dropped' || outcome === 'refused' ? `${outcome}: ` : ''
  return `${displayPath(path)}: ${lost}${[reason, ...also.map((one) => one.reason)].join('; ')}`
}
