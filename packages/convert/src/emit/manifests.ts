import { type Bundle, type KubeObject, resolveBundle } from '@landfall/kube'
import { toYaml } from './yaml.ts'

/**
 * The bundle as plain manifests, one object per file: `deployment-web.yaml`. They can be applied in any order. With a
 * namespace, each object is in it; hashes do not depend on it.
 */
export function emitManifests(bundle: Bundle, namespace?: string): Map<string, string> {
  const files = [...resolveBundle(bundle)].map(([role, object]) => {
    const placed = namespace === undefined ? object : inNamespace(object, namespace)
    return [`${role.replace('/', '-')}.yaml`, toYaml(placed)] as const
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
