import type { Derived, KubeObject, RoleId } from '@landfall/kube'
import { type BundleDraft, contentInputs } from '../../objects/bundle-draft.ts'

/** Names ConfigMaps of files after their content. What is secret gets its name from `landfall up`, with the key of the release. */
export interface ContentNames {
  /** Takes down where the volume with this index of a workload names the objects. */
  add(
    workload: RoleId,
    volume: number,
    sources: readonly Record<string, unknown>[],
    objects: ReadonlyMap<RoleId, KubeObject>,
  ): void
  /** Makes the ConfigMaps immutable, and their names derived. */
  finish(): void
}

/** The names of the ConfigMaps of a bundle; each may be used by several workloads. */
export function contentNames(draft: BundleDraft): ContentNames {
  const places = new Map<RoleId, Derived['at']>()
  return {
    add(workload, volume, sources, objects) {
      for (const [index, { configMap }] of sources.entries()) {
        const { name } = (configMap ?? {}) as { name?: string }
        const role = `configmap/${name}`
        if (!objects.has(role)) continue
        const known = places.get(role) ?? [{ object: role, pointer: '/metadata/name' }]
        const pointer = `/spec/template/spec/volumes/${volume}/projected/sources/${index}/configMap/name`
        places.set(role, [...known, { object: workload, pointer }])
      }
    },
    finish() {
      for (const [role, at] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const object = draft.objects.get(role)
        if (object === undefined) throw new Error(`there is no ${role}`)
        object.immutable = true
        const base = object.metadata.name
        draft.derived.push({ rule: 'name-hash', base, inputs: contentInputs(draft, role), at })
      }
    },
  }
}
