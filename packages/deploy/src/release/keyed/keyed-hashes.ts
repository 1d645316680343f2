import {
  canonicalJson,
  FILL_PROGRAM,
  type KindReference,
  type KubeObject,
  keyedHash,
  RESTARTS_WITH_SECRETS_ANNOTATION,
  SECRETS_CHECKSUM,
  secretsOfPods,
  type Upload,
} from '@landfall/kube'
import { isWorkload } from '../kind-order.ts'
import { type ReleaseReference, withEncodedData } from '../release.ts'
import { releaseKey } from './release-key.ts'
import { withSecretNames } from './secret-names.ts'

const SECRET: KindReference = { apiVersion: 'v1', kind: 'Secret' }

/** Kinds that must be observed for {@link withKeyedHashes}: none where nothing is secret. */
export function kindsOfKey(
  objects: readonly KindReference[],
  uploads: readonly Upload[],
): KindReference[] {
  return uploads.length > 0 || objects.some(({ kind }) => kind === SECRET.kind) ? [SECRET] : []
}

/**
 * The objects with hashes of what is secret, Secrets that are named after their content, and the Secret with the key of these hashes; all as they are where nothing is secret.
 * A hash without a key would show whether a guess of a short secret is right.
 */
export function withKeyedHashes(
  objects: readonly KubeObject[],
  uploads: readonly Upload[],
  live: ReadonlyMap<string, KubeObject>,
  reference: ReleaseReference,
): { objects: KubeObject[]; uploads: Upload[]; key?: Uint8Array } {
  if (kindsOfKey(objects, uploads).length === 0) return { objects: [...objects], uploads: [] }
  const { key, secret } = releaseKey(reference, live)
  const named = withSecretNames(withSecretHashes(objects, key), key)
  const keyed = withKeyedDigests(named, uploads, key)
  return { objects: [...keyed.objects, secret], uploads: keyed.uploads, key }
}

/** The workloads with a hash of the Secrets among the objects that their pods use: a change of one replaces the pods and runs Jobs again. */
function withSecretHashes(objects: readonly KubeObject[], key: Uint8Array): KubeObject[] {
  const secrets = new Map(
    objects
      .filter(({ kind }) => kind === 'Secret')
      .map((secret) => [secret.metadata.name, withEncodedData(secret).data ?? {}]),
  )
  return objects.map((object) => {
    if (!isWorkload(object)) return object
    const others = object.metadata.annotations?.[RESTARTS_WITH_SECRETS_ANNOTATION]?.split(',') ?? []
    const used = [...new Set([...secretsOfPods(object), ...others])].filter((name) =>
      secrets.has(name),
    )
    if (used.length === 0) return object
    const content = used.sort().map((name) => [name, secrets.get(name)])
    return withPodAnnotation(object, SECRETS_CHECKSUM, keyedHash(key, canonicalJson(content)))
  })
}

function withPodAnnotation(object: KubeObject, name: string, value: string): KubeObject {
  const { template } = object.spec
  const annotations = { ...template.metadata?.annotations, [name]: value }
  const metadata = { ...template.metadata, annotations }
  return { ...object, spec: { ...object.spec, template: { ...template, metadata } } }
}

/**
 * Uploads with digests that depend on the key, and the workloads whose pods wait for these: a tree that is copied may hold short secrets, and
 * the digest is part of the pods.
 */
function withKeyedDigests(
  objects: readonly KubeObject[],
  uploads: readonly Upload[],
  key: Uint8Array,
): { objects: KubeObject[]; uploads: Upload[] } {
  const digests = new Map(
    uploads.map(({ digest, secretDigest }) => [
      digest,
      keyedHash(key, secretDigest === undefined ? digest : `${digest} ${secretDigest}`),
    ]),
  )
  return {
    objects: objects.map((object) => {
      const { template } = object.spec ?? {}
      const { initContainers } = template?.spec ?? {}
      if (digests.size === 0 || initContainers === undefined) return object
      const keyed = initContainers.map((container: KubeObject) =>
        container.command?.[1] === FILL_PROGRAM
          ? {
              ...container,
              command: container.command.map((word: string) => digests.get(word) ?? word),
            }
          : container,
      )
      const spec = { ...template.spec, initContainers: keyed }
      return { ...object, spec: { ...object.spec, template: { ...template, spec } } }
    }),
    uploads: uploads.map((upload) => ({ ...upload, digest: digests.get(upload.digest) as string })),
  }
}
