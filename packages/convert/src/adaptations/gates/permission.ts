import type { BundleDraft, WorkloadDraft } from '../../bundle-draft.ts'
import { metadataFor } from '../../bundle-draft.ts'
import type { Conversion } from '../../conversion.ts'
import { addMount, addVolume, type Container } from '../../pod.ts'

const TOKEN = 'gate-token'

/**
 * Lets one gate read the Jobs it waits for, by name, and list pods where it must. The token is mounted in the gate's
 * container alone.
 */
export function permit(
  draft: BundleDraft,
  conversion: Conversion,
  { from, pod }: WorkloadDraft,
  gate: Container,
): void {
  const { gates, name } = from.plan
  const jobs = [...new Set(gates.flatMap(({ job }) => job ?? []))].sort()
  const listsPods = gates.some(({ wait }) => wait.startsWith('pods '))
  if (jobs.length === 0 && !listsPods) return
  const account = `${name}-gate`
  const rules: Record<string, unknown>[] = jobs.map((job) => ({
    apiGroups: ['batch'],
    resources: ['jobs'],
    resourceNames: [draft.jobNames.get(job)?.base ?? job],
    verbs: ['get', 'watch'],
  }))
  for (const [index, job] of jobs.entries())
    draft.jobNames
      .get(job)
      ?.at.push({ object: `role/${account}`, pointer: `/rules/${index}/resourceNames/0` })
  if (listsPods) rules.push({ apiGroups: [''], resources: ['pods'], verbs: ['list'] })
  const metadata = () => metadataFor(conversion, account, from)
  draft.objects.set(`serviceaccount/${account}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(),
    automountServiceAccountToken: false,
  })
  draft.objects.set(`role/${account}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadata(),
    rules,
  })
  draft.objects.set(`rolebinding/${account}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadata(),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    // A subject without a namespace is in that of its RoleBinding.
    subjects: [{ kind: 'ServiceAccount', name: account }],
  })
  pod.spec.serviceAccountName = account
  addVolume(pod, { name: TOKEN, projected: { sources: tokenSources() } })
  addMount(gate, {
    name: TOKEN,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  })
}

function tokenSources(): Record<string, unknown>[] {
  return [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }],
      },
    },
  ]
}
