import { type Bundle, canonicalJson, type RoleId, resolveBundle } from '@landfall/kube'
import { jsonPatch } from './json-patch.ts'
import { isSameObject } from './kustomization.ts'

/** Two components that cannot be used in one overlay, and the objects that both have or change. */
interface Conflict {
  profiles: [string, string]
  roles: RoleId[]
}

/** What a component does with an object: values by their pointers, or the object as a whole. */
type Change = ReadonlyMap<string, string>

/** Pairs of profiles whose components would add an object twice, or change one value in two ways. */
export function componentConflicts(
  base: Bundle,
  profiles: ReadonlyMap<string, Bundle>,
): Conflict[] {
  const was = resolveBundle(base)
  const changes = [...profiles].map(([name, bundle]) => [name, changesOf(was, bundle)] as const)
  return changes.flatMap(([a, some], index) =>
    changes.slice(index + 1).flatMap(([b, others]): Conflict[] => {
      const roles = [...some].flatMap(([role, change]) =>
        disturb(change, others.get(role) ?? new Map()) ? [role] : [],
      )
      return roles.length === 0 ? [] : [{ profiles: [a, b], roles: roles.sort() }]
    }),
  )
}

function changesOf(was: ReturnType<typeof resolveBundle>, bundle: Bundle): Map<RoleId, Change> {
  const is = resolveBundle(bundle)
  return new Map(
    [...new Set([...was.keys(), ...is.keys()])].map((role) => {
      const [before, after] = [was.get(role), is.get(role)]
      if (before === undefined || after === undefined || !isSameObject(before, after))
        return [role, new Map(after === before ? [] : [['', 'whole']])] as const
      const patch = jsonPatch(before, after)
      return [role, new Map(patch.map((one) => [one.path, canonicalJson(one)]))] as const
    }),
  )
}

/** Objects that both add are refused by kustomize even where they are the same. */
function disturb(some: Change, others: Change): boolean {
  return [...some].some(([path, operation]) =>
    [...others].some(
      ([other, its]) =>
        (other === path && (path === '' || its !== operation)) ||
        (other !== path && (other.startsWith(`${path}/`) || path.startsWith(`${other}/`))),
    ),
  )
}
