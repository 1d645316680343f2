import type { FieldChange, ReleaseDiff } from '@landfall/deploy'
import type { DiffLine } from '../contract/diff.ts'
import type { ReleasePlace } from '../project/release.ts'
import { withoutCredentials } from './credentials.ts'
import type { Unversioned } from './print-line.ts'

/** Between which states a difference is: a missing one is what is in the cluster, or what the project has. */
export interface DiffEnds {
  from?: number
  to?: number
}

/** A difference for programs. */
export function diffLine(
  { release, namespace }: ReleasePlace,
  { from, to }: DiffEnds,
  { changes, foreign, conflicts, checks }: ReleaseDiff,
): Unversioned<DiffLine> {
  return {
    type: 'diff',
    release,
    namespace,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    changes: changes.map(({ object, change, fields }) => ({
      object,
      change,
      fields: fields.map(fieldOf),
    })),
    foreign: foreign.map(({ object, owner }) => ({ object, owner })),
    conflicts: conflicts.map(({ object, field, manager }) => ({ object, field, manager })),
    checks: checks.map(({ name, change }) => ({ name, change })),
  }
}

function fieldOf({ field, before, after, hidden }: FieldChange) {
  return {
    field,
    ...(before !== undefined && { before: shown(before) }),
    ...(after !== undefined && { after: shown(after) }),
    ...(hidden !== undefined && { hidden }),
  }
}

/** A value without the passwords of the URLs in it. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentials(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]))
}
