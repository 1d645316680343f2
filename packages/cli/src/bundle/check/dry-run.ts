import {
  isRefusal,
  type KubeClient,
  type KubeObject,
  referenceTo,
  StatusError,
} from '@landfall/kube'
import { type BundleReport, type Manifest, nameOf, type Path } from '../manifest.ts'

const AT_ONCE = 8

/** The namespace in which objects of one that does not exist yet are tried. */
const OTHER_NAMESPACE = 'default'

/** What the API server says where a field cannot change: then the object is replaced, or the deploy reports it. */
const UNCHANGEABLE = /immutable|forbidden|may not (?:be )?change|cannot be changed|dry.?run/i

/**
 * Has the API server check each object without keeping it, so that a release is not applied in part because one of its objects is not valid.
 * What the account may not try is left to the deploy.
 */
export async function dryRun(
  client: KubeClient,
  manifests: readonly Manifest[],
  namespace: string,
  report: BundleReport,
  signal?: AbortSignal,
): Promise<void> {
  const exists = await isThere(
    client,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    signal,
  )
  const place = exists === true ? namespace : OTHER_NAMESPACE
  const refusals = new Map<Manifest, StatusError>()
  const left = [...manifests]
  const work = async (): Promise<void> => {
    for (let manifest = left.shift(); manifest !== undefined; manifest = left.shift()) {
      const refused = await refusalOf(client, manifest.object, place, place === namespace, signal)
      if (refused !== undefined) refusals.set(manifest, refused)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  for (const manifest of manifests) {
    const refused = refusals.get(manifest)
    if (refused !== undefined) reportRefusal(manifest, refused, report)
  }
}

/** Undefined where the account may not read it. */
async function isThere(
  client: KubeClient,
  object: KubeObject,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  try {
    return (await client.get(referenceTo(object), signal)) !== undefined
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}

async function refusalOf(
  client: KubeClient,
  { metadata, ...object }: KubeObject,
  namespace: string,
  isOwn: boolean,
  signal: AbortSignal | undefined,
): Promise<StatusError | undefined> {
  const tried = { ...object, metadata: { ...metadata, namespace } } as KubeObject
  const isNew = (await isThere(client, tried, signal)) === false
  if (!isNew && !isOwn) return undefined
  try {
    await client.apply(tried, { dryRun: true, signal })
    return undefined
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const isInvalid = ['Invalid', 'BadRequest'].some((reason) => isRefusal(error, reason))
    const isTyped = error.message.includes('typed patch object')
    if (!isInvalid && !isTyped) return undefined
    return UNCHANGEABLE.test(error.message) && (!isNew || /dry.?run/i.test(error.message))
      ? undefined
      : error
  }
}

function reportRefusal(manifest: Manifest, error: StatusError, report: BundleReport): void {
  const { kind, metadata } = manifest.object
  const causes = error.status.details?.causes ?? []
  const said = error.message.replace(/^failed to create typed patch object \([^)]*\): /, '')
  const fields = causes.length > 0 ? causes : [{ field: undefined, message: said }]
  for (const { field, message = 'refused' } of fields) {
    const [, named] = /(?:^|[\s"])\.?((?:\w+(?:\[[^\]]*\])?\.)+\w+): /.exec(message) ?? []
    const path = pathOf(field || named || '')
    report({
      code: 'cli/manifest-refused',
      severity: 'error',
      message: `${kind} ${metadata.name}: ${field ? `${field}: ` : ''}${message}`,
      path: '',
      at: path.length === 0 ? nameOf(manifest) : manifest.at(path),
      hint: 'the API server does not accept this object',
    })
  }
}

/** `spec.containers[0].image` and `.data[a.b]` as a path. */
function pathOf(field: string): Path {
  return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key as string) : /^\d+$/.test(index) ? Number(index) : index,
  )
}
