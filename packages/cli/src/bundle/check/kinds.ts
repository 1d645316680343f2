import { type BundleReport, type Manifest, nameOf } from '../manifest.ts'

/** Kinds that a verdict waits for, or that are in effect when the cluster has taken them. */
const KNOWN = new Set(
  `ConfigMap CronJob DaemonSet Deployment EndpointSlice Endpoints HorizontalPodAutoscaler HTTPRoute Ingress Job Lease LimitRange NetworkPolicy
  PersistentVolumeClaim PodDisruptionBudget PodTemplate ResourceQuota Role RoleBinding Secret Service ServiceAccount StatefulSet`.split(
    /\s+/,
  ),
)

/** Kinds that run programs that no verdict would see, with what to use. */
const UNSEEN: Readonly<Record<string, string>> = {
  Pod: 'a Deployment, or a Job if its program ends',
  ReplicaSet: 'a Deployment',
  ReplicationController: 'a Deployment',
}

/**
 * Reports objects whose state no verdict includes: programs without a workload that is waited for are errors, objects of kinds that Landfall
 * does not know are warnings.
 */
export function reportUnseen(manifests: readonly Manifest[], report: BundleReport): void {
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest.object
    const isCore = apiVersion === 'v1' || /^(?:[a-z]+|[a-z.]+\.k8s\.io)\/v/.test(apiVersion)
    reportHeldBack(manifest, report)
    const instead = isCore ? UNSEEN[kind] : undefined
    if (instead !== undefined)
      report({
        code: 'cli/manifest-unseen',
        severity: 'error',
        message: `${kind} ${metadata.name}: up does not observe a ${kind}, so it could not report that its program fails`,
        path: '',
        at: nameOf(manifest),
        hint: `use ${instead}`,
      })
    else if (!isCore || !KNOWN.has(kind))
      report({
        code: 'cli/manifest-unseen',
        severity: 'warning',
        message: `${kind} ${metadata.name} is applied, but not observed: the verdict does not include it`,
        path: '',
        at: nameOf(manifest),
      })
  }
}

/** Reports a strategy that leaves pods of an earlier template as they are, so that the new one may never have run. */
function reportHeldBack(manifest: Manifest, report: BundleReport): void {
  const { kind, metadata, spec } = manifest.object
  if (kind !== 'StatefulSet' && kind !== 'DaemonSet') return
  const { type, rollingUpdate } = spec?.updateStrategy ?? {}
  const isDeleted = type === 'OnDelete'
  if (!isDeleted && !(rollingUpdate?.partition > 0)) return
  report({
    code: 'cli/manifest-unseen',
    severity: 'warning',
    message: `${kind} ${metadata.name} keeps pods of an earlier template (${isDeleted ? 'OnDelete' : 'partition'}): the verdict includes them, and not the new template`,
    path: '',
    at: manifest.at(['spec', 'updateStrategy']),
  })
}
