import { type Check, canonicalJson, type ReleaseChecks } from '@landfall/kube'

/** What becomes of one check. */
export interface CheckChange {
  /** Its key in landfall.yaml. */
  name: string
  change: 'create' | 'update' | 'delete'
}

/** The checks that differ in what decides how they end, sorted by name: not in the line that they are in. */
export function changedChecks(
  before: ReleaseChecks | undefined,
  after: ReleaseChecks | undefined,
): CheckChange[] {
  const [was, is] = [before, after].map(meanings) as [Map<string, string>, Map<string, string>]
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name): CheckChange[] => {
    if (!was.has(name)) return [{ name, change: 'create' }]
    if (!is.has(name)) return [{ name, change: 'delete' }]
    return was.get(name) === is.get(name) ? [] : [{ name, change: 'update' }]
  })
}

function meanings(found: ReleaseChecks | undefined): Map<string, string> {
  return new Map((found?.checks ?? []).map((check) => [check.name, meaningOf(check)]))
}

function meaningOf({ withinMs, steps }: Check): string {
  return canonicalJson({ withinMs, steps })
}
