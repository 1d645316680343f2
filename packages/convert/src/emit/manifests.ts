import { type Bundle, type KubeObject, type RoleId, resolveBundle } from '@landfall/kube'
import type { ObjectComments } from './comments.ts'
import { toYaml } from './yaml.ts'

/**
 * The bundle as plain manifests, one object per file: `deployment-web.yaml`. They can be applied in any order. With a
 * namespace, each object is in it; hashes do not depend on it. `comments` are those of {@link commentsOn}.
 */
export function emitManifests(
  bundle: Bundle,
  namespace?: string,
  comments: ReadonlyMap<RoleId, ObjectComments> = new Map(),
): Map<string, string> {
  const files = [...resolveBundle(bundle)].map(([role, object]) => {
    const placed = namespace === undefined ? object : inNamespace(object, namespace)
    return [
      `${role.replace('/', '-')}.yaml`,
      toYaml(templateLast(placed), comments.get(role)),
    ] as const
  })
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every kind that conversion makes is namespaced; the ServiceAccounts of a RoleBinding need theirs by name. */
function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name, ...metadata } = object.metadata
  const placed = { ...object, metadata: { name, namespace, ...metadata } }
  return Array.isArray(object.subjects)
    ? { ...placed, subjects: object.subjects.map((subject) => ({ ...subject, namespace })) }
    : placed
}

/** The pod template is most of a workload: what is decided for all of its pods is above it. */
export function templateLast(object: KubeObject): KubeObject {
  if (object.spec?.template === undefined) return object
  const { template, ...spec } = object.spec
  return { ...object, spec: { ...spec, template } }
}
