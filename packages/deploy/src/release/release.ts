import {
  canonicalJson,
  containerAnnotation,
  type KubeObject,
  keyedHash,
  SOURCE_ANNOTATION,
  shortHash,
} from '@landfall/kube'

/** On every object that a deploy creates: the release that it is part of. */
export const RELEASE_LABEL = 'landfall.dev/release'

/** On the Secrets that hold the revisions of a release: the number of the revision. */
export const REVISION_LABEL = 'landfall.dev/revision'

/** Hash of the object as it was applied last, by which an unchanged one is recognized; of a Secret with the key of the release. */
export const APPLIED_ANNOTATION = 'landfall.dev/applied'

/** Where an object comes from, or one of its containers where that is another service than the object's. */
export function projectSource(
  object: KubeObject | undefined,
  container?: string,
): string | undefined {
  const annotations = object?.metadata.annotations
  const own =
    container === undefined
      ? undefined
      : annotations?.[containerAnnotation(SOURCE_ANNOTATION, container) ?? '']
  return own ?? annotations?.[SOURCE_ANNOTATION]
}

/** Where a release lives. */
export interface ReleaseReference {
  release: string
  namespace: string
}

/**
 * The object as it is applied: in its namespace, marked as part of the release, with the hash of its content. Throws an Error for a Secret
 * without a key, which is a bug.
 */
export function releaseObject(
  object: KubeObject,
  { release, namespace }: ReleaseReference,
  namespaced: boolean,
  key?: Uint8Array,
): KubeObject {
  const content = withEncodedData(object)
  const { labels, annotations, ...metadata } = content.metadata
  return {
    ...content,
    metadata: {
      ...metadata,
      ...(namespaced ? { namespace } : {}),
      labels: { ...labels, [RELEASE_LABEL]: release },
      annotations: { ...annotations, [APPLIED_ANNOTATION]: appliedHash(content, key) },
    },
  }
}

function appliedHash(object: KubeObject, key: Uint8Array | undefined): string {
  if (object.kind !== 'Secret') return shortHash(canonicalJson(object))
  if (key === undefined) throw new Error(`no key to hash secret/${object.metadata.name}`)
  return keyedHash(key, canonicalJson(object))
}

/** `stringData` is write-only and never owned: what is applied is the `data` that it becomes. */
export function withEncodedData(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret' || object.stringData === undefined) return object
  const { stringData, ...secret } = object
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ])
  return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } } as KubeObject
}
