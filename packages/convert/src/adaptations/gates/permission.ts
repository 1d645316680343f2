import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import { addMount, addVolume, type Container } from '../../objects/pod.ts'

const TOKEN = 'gate-token'

/**
 * Lets one gate read the Jobs it waits for, by name, and list pods where it must. The token is mounted in the gate's
 * container alone.
 */
export function permit(draft: BundleDraft, workload: WorkloadDraft, gate: Container): void {
  const { gates } = workload.plan
  const jobs = [...new Set(gates.flatMap(({ job }) => job ?? []))].sort()
  const listsPods = gates.some(({ wait }) => wait.kind === 'pods')
  if (jobs.length === 0 && !listsPods) return
  const role = giveToken(draft, workload, gate)
  for (const job of jobs) allowJob(draft, role, job, ['get', 'watch'])
  if (listsPods) role.rules.push({ apiGroups: [''], resources: ['pods'], verbs: ['list'] })
}

/** Lets the checker of a one-shot mark the Job that it runs in as done, and nothing else. */
export function permitMark(draft: BundleDraft, workload: WorkloadDraft, checker: Container): void {
  const role = giveToken(draft, workload, checker)
  allowJob(draft, role, workload.plan.service, ['patch'])
  checker.env = [
    ...(checker.env ?? []),
    {
      name: 'GATE_JOB',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
    },
  ]
}

interface Role {
  account: string
  rules: Record<string, unknown>[]
}

function allowJob(
  draft: BundleDraft,
  { account, rules }: Role,
  job: string,
  verbs: string[],
): void {
  const derived = draft.jobNames.get(job)
  derived?.at.push({
    object: `role/${account}`,
    pointer: `/rules/${rules.length}/resourceNames/0`,
  })
  rules.push({
    apiGroups: ['batch'],
    resources: ['jobs'],
    resourceNames: [derived?.base ?? job],
    verbs,
  })
}

/** Mounts the token of the pod's own account in one container; the account is made when it is not there yet. */
function giveToken(draft: BundleDraft, { plan, pod }: WorkloadDraft, container: Container): Role {
  const account = `${plan.name}-gate`
  addVolume(pod, { name: TOKEN, projected: { sources: tokenSources() } })
  addMount(container, {
    name: TOKEN,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  })
  const role = draft.objects.get(`role/${account}`)
  if (role !== undefined) return { account, rules: role.rules }

  pod.spec.serviceAccountName = account
  const rules: Record<string, unknown>[] = []
  const metadata = () => metadataFor(draft.plan, account, plan)
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
  return { account, rules }
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
