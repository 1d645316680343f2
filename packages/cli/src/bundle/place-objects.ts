import { isDnsLabel, type KubeObject, objectId, SOURCE_ANNOTATION } from '@landfall/kube'
import { UsageError } from '../errors.ts'
import { type BundleReport, type Manifest, nameOf } from './manifest.ts'

const INSTANCE_LABEL = 'app.kubernetes.io/instance'

/** The release that manifests become, and its namespace. */
export interface BundleRelease {
  release: string
  namespace: string
}

/**
 * The name of a release: the given one, or the one that all objects with `app.kubernetes.io/instance` share, or a name of the place. Throws a
 * UsageError if that is not a valid name.
 */
export function releaseNameOf(
  manifests: readonly Manifest[],
  given: string | undefined,
  place: string,
): string {
  const labels = manifests.flatMap(({ object }) => object.metadata.labels?.[INSTANCE_LABEL] ?? [])
  const [instance, ...others] = [...new Set(labels)]
  const name = given ?? (others.length === 0 ? instance : undefined) ?? place
  if (isDnsLabel(name)) return name
  throw new UsageError(
    `${name} is not a valid name of a release`,
    'set one with -p: lower-case letters, digits and hyphens, at most 63 characters',
  )
}

/** The namespace: the given one, or the one that the manifests have, or one that is named after the release. */
export function namespaceOf(
  manifests: readonly Manifest[],
  given: string | undefined,
  release: string,
): string {
  const named = manifests.flatMap(({ object }) => object.metadata.namespace ?? [])
  const made = manifests.filter(isNamespace).map(({ object }) => object.metadata.name)
  const [only, ...others] = [...new Set(named.length > 0 ? named : made)]
  if (given !== undefined) return given
  return named.length > 0 ? (only as string) : others.length === 0 ? (only ?? release) : release
}

/**
 * The objects as those of a release in its namespace, which deploys set themselves. Objects of another namespace, and two of the same
 * name, are errors. The Namespace itself is left out, because `up` makes it.
 */
export function placeObjects(
  manifests: readonly Manifest[],
  { namespace }: BundleRelease,
  isGiven: boolean,
  report: BundleReport,
): Manifest[] {
  const seen = new Map<string, Manifest>()
  return manifests.flatMap((manifest) => {
    const { object } = manifest
    const { name } = object.metadata
    const what = `${object.kind} ${name}`
    const key = `${object.apiVersion.replace(/(?:^|\/)[^/]*$/, '')} ${objectId(object)}`
    const first = seen.get(key)
    if (first !== undefined) {
      report({
        code: 'cli/manifest-twice',
        severity: 'error',
        message: `${what} is there twice`,
        path: '',
        at: nameOf(manifest),
        related: [{ message: 'also here', at: nameOf(first) }],
      })
      return []
    }
    seen.set(key, manifest)
    const placed = object.metadata.namespace
    if (placed !== undefined && placed !== namespace) {
      report({
        code: 'cli/manifest-namespace',
        severity: 'error',
        message: `${what} is in namespace ${placed}, and the release in ${namespace}: a release is in one namespace`,
        path: '',
        at: manifest.at(['metadata', 'namespace']),
        hint: isGiven
          ? 'remove the namespace from the manifest, or -n'
          : 'deploy it as a release of its own, or remove the namespace',
      })
      return []
    }
    if (isNamespace(manifest) && name === namespace) {
      const { labels, annotations } = object.metadata
      if (labels !== undefined || annotations !== undefined)
        report({
          code: 'cli/manifest-left-out',
          severity: 'warning',
          message: `the labels and annotations of Namespace ${name} are not set: up creates the namespace`,
          path: '',
          at: nameOf(manifest),
          hint: 'create it with kubectl apply before',
        })
      return []
    }
    return [{ ...manifest, object: withoutNamespace(object, namespace) }]
  })
}

function isNamespace({ object }: Manifest): boolean {
  return object.kind === 'Namespace' && object.apiVersion === 'v1'
}

/**
 * The object as `up PROJECT` has it: what `convert -n` wrote into it is that of the release in any case, so that both are the same object to the
 * history and to `diff`.
 */
function withoutNamespace(object: KubeObject, namespace: string): KubeObject {
  const { namespace: _, ...metadata } = object.metadata
  const isOurs = metadata.annotations?.[SOURCE_ANNOTATION] !== undefined
  if (!isOurs || !Array.isArray(object.subjects)) return { ...object, metadata }
  const subjects = object.subjects.map(({ namespace: own, ...subject }) =>
    own === undefined || own === namespace ? subject : { ...subject, namespace: own },
  )
  return { ...object, metadata, subjects }
}
