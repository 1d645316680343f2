import { entryLacks } from './entry.ts'
import type { Lack, LackInput } from './lack.ts'
import { storageLacks } from './storage.ts'
import { versionLacks } from './version.ts'

/** What the objects use and the cluster does not have, as far as its facts show. */
export function findLacks(input: LackInput): Lack[] {
  return [
    ...versionLacks(input),
    ...storageLacks(input),
    ...entryLacks(input),
    ...architectureLacks(input),
  ]
}

/** Images that are built here are built for one architecture. */
function architectureLacks({ facts }: LackInput): Lack[] {
  const all = [...new Set((facts.nodes ?? []).map(({ architecture }) => architecture))].sort()
  if (all.length < 2) return []
  return [
    {
      message: `the nodes have several architectures (${all.join(', ')}): an image that exists for one of them fails on the others`,
      fatal: false,
    },
  ]
}
