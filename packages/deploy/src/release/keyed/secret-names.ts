import { canonicalJson, type KubeObject, keyedHash, secretsOfPods } from '@landfall/kube'
import { isWorkload } from '../kind-order.ts'
import { withEncodedData } from '../release.ts'

/** Characters of the hash in a name. */
const LENGTH = 10

/**
 * The Secrets of Landfall that pods use, immutable and named after their content, and the pods with these names: an earlier pod template then
 * has the earlier content. The hash has the key of the release, without which it would show whether a guess of a short secret is right.
 */
export function withSecretNames(objects: readonly KubeObject[], key: Uint8Array): KubeObject[] {
  const used = new Set(objects.filter(isWorkload).flatMap(secretsOfPods))
  const names = new Map(
    objects
      .filter((object) => object.kind === 'Secret' && used.has(object.metadata.name))
      .filter(isOfLandfall)
      .map((secret) => {
        const { data = {}, type = 'Opaque' } = withEncodedData(secret)
        const hash = keyedHash(key, canonicalJson([secret.metadata.name, type, data]))
        return [secret.metadata.name, `${secret.metadata.name}-${hash.slice(0, LENGTH)}`]
      }),
  )
  if (names.size === 0) return [...objects]
  return objects.map((object) => {
    const name = object.kind === 'Secret' ? names.get(object.metadata.name) : undefined
    if (name !== undefined)
      return { ...object, immutable: true, metadata: { ...object.metadata, name } }
    if (!isWorkload(object) || !secretsOfPods(object).some((one) => names.has(one))) return object
    const { template } = object.spec
    const spec = withNames(template.spec, names)
    return { ...object, spec: { ...object.spec, template: { ...template, spec } } }
  })
}

/** Other tools may refer to a Secret that they have made. */
function isOfLandfall({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'landfall'
}

type Json = Record<string, unknown>

/** The spec of a pod with other names of Secrets, in its variables and volumes. */
function withNames(spec: Json, names: ReadonlyMap<string, string>): Json {
  const renamed = (reference: Json, key: string): Json => ({
    ...reference,
    [key]: names.get(String(reference[key])) ?? reference[key],
  })
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key !== 'secret' && key !== 'secretKeyRef') return [key, walk(item)]
        return [key, renamed(item as Json, 'secretName' in Object(item) ? 'secretName' : 'name')]
      }),
    )
  }
  const parts = ['volumes', 'containers', 'initContainers'] as const
  return {
    ...spec,
    ...Object.fromEntries(
      parts.flatMap((part) => (spec[part] === undefined ? [] : [[part, walk(spec[part])]])),
    ),
  }
}
