import type { Drift } from '@landfall/deploy'
import type { DriftLine } from '../../contract/day/status.ts'

/** A change by somebody else for programs. */
export function driftOf({ object, change, field, manager, at }: Drift): DriftLine {
  return {
    object,
    change,
    ...(field !== undefined && { field }),
    ...(manager !== undefined && { manager }),
    ...(at !== undefined && { at }),
  }
}
