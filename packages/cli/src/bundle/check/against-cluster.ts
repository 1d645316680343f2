import { contains } from '@landfall/deploy'
import { isRefusal, type KubeClient, type KubeObject, referenceTo } from '@landfall/kube'
import { type BundleReport, type Manifest, nameOf } from '../manifest.ts'
import { reportMissingCopies } from './copies.ts'
import { dryRun } from './dry-run.ts'
import { reportUnseen } from './kinds.ts'

/**
 * Compares manifests with a cluster before anything is changed in it, and returns those that a release can have. Kinds that the
 * cluster does not have and objects that it refuses are errors. Objects outside of namespaces are not changed: those that are in the cluster as the
 * manifests have them are left out, others are errors. Throws a ConnectionError.
 */
export async function checkAgainst(
  client: KubeClient,
  manifests: readonly Manifest[],
  namespace: string,
  report: BundleReport,
  signal?: AbortSignal,
): Promise<Manifest[]> {
  const scopes = await Promise.all(manifests.map(({ object }) => scopeOf(client, object)))
  const inNamespace: Manifest[] = []
  for (const [index, manifest] of manifests.entries()) {
    const scope = scopes[index]
    if (scope === 'namespace') inNamespace.push(manifest)
    else if (scope === 'cluster') await reportClusterObject(client, manifest, report, signal)
    else reportUnknownKind(manifest, manifests, report)
  }
  reportUnseen(inNamespace, report)
  await reportMissingCopies(client, inNamespace, namespace, report, signal)
  await dryRun(client, inNamespace, namespace, report, signal)
  return inNamespace
}

async function scopeOf(
  client: KubeClient,
  object: KubeObject,
): Promise<'namespace' | 'cluster' | 'unknown'> {
  try {
    return (await client.isNamespaced(object)) ? 'namespace' : 'cluster'
  } catch (error) {
    if (isRefusal(error, 'NotFound')) return 'unknown'
    throw error
  }
}

function reportUnknownKind(
  manifest: Manifest,
  all: readonly Manifest[],
  report: BundleReport,
): void {
  const { apiVersion, kind, metadata } = manifest.object
  const [group] = apiVersion.split('/')
  const definition = all.find(
    ({ object }) =>
      object.kind === 'CustomResourceDefinition' &&
      object.spec?.group === group &&
      object.spec?.names?.kind === kind,
  )
  report({
    code: 'cli/manifest-kind',
    severity: 'error',
    message: `${kind} ${metadata.name}: the cluster has no kind ${kind} in ${apiVersion}`,
    path: '',
    at: manifest.at(['kind']),
    ...(definition === undefined
      ? { hint: 'install what defines it, or use a version that the cluster serves' }
      : {
          related: [{ message: 'its definition, which is applied before', at: nameOf(definition) }],
        }),
  })
}

async function reportClusterObject(
  client: KubeClient,
  manifest: Manifest,
  report: BundleReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { object } = manifest
  const what = `${object.kind} ${object.metadata.name}`
  const why = await whyNotThere(client, object, signal)
  if (why === undefined)
    report({
      code: 'cli/manifest-left-out',
      severity: 'note',
      message: `${what} is in the cluster as in the manifest, and not part of the release: it is in no namespace`,
      path: '',
      at: nameOf(manifest),
    })
  else
    report({
      code: 'cli/manifest-scope',
      severity: 'error',
      message: `${what} is in no namespace, and up changes one namespace only; ${why}`,
      path: '',
      at: nameOf(manifest),
      hint: 'apply it with kubectl before',
    })
}

/** Undefined if the cluster has it as it is desired. */
async function whyNotThere(
  client: KubeClient,
  object: KubeObject,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const live = await client.get(referenceTo(object), signal)
    if (live === undefined) return 'the cluster does not have it'
    return contains(live, object) ? undefined : 'the cluster has another one'
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return 'your account may not read it'
    throw error
  }
}
