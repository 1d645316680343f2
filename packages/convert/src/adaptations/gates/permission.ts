import type { RoleId } from '@landfall/kube'
import { type BundleDraft, metadataFor, serviceOf } from '../../objects/bundle-draft.ts'
import { accountName } from '../../plan/names.ts'
import type { ContainerMount, Permit, PermitRule, PodVolume } from '../../plan/plan.ts'
import { declareAccount } from './account-values.ts'

const TOKEN = 'gate-token'

/** The token of the pod's ServiceAccount, which is mounted only in the containers that use it. */
export const TOKEN_VOLUME: PodVolume = { name: TOKEN, token: true }

/** The same for a program, next to a gate in its pod. */
export const PROGRAM_TOKEN_VOLUME: PodVolume = { name: 'api-token', token: true }

export const TOKEN_MOUNT: ContainerMount = {
  name: TOKEN,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}

/** The ServiceAccount of every pod that needs one, and a Role for each service that it may do something for. */
export function buildPermits(draft: BundleDraft): void {
  for (const { plan, pod, volumes } of draft.workloads) {
    for (const { plan, volume } of volumes)
      if (plan.token) Object.assign(volume, { projected: { sources: tokenSources() } })
    declareAccount(draft, plan, pod)
    if (plan.account === undefined) continue
    pod.spec.serviceAccountName = plan.account
    for (const [index, permit] of plan.permits.entries()) {
      if (index === 0 && plan.accountIsGiven !== true) buildAccount(draft, permit, plan.account)
      buildRole(draft, permit, plan.account)
    }
  }
}

function buildAccount({ objects, plan }: BundleDraft, { of }: Permit, account: string): void {
  objects.set(`serviceaccount/${account}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadataFor(plan, account, serviceOf(plan, of)),
    automountServiceAccountToken: false,
  })
}

function buildRole(draft: BundleDraft, { of, rules }: Permit, account: string): void {
  const { objects, plan } = draft
  const service = serviceOf(plan, of)
  const name = accountName(service)
  objects.set(`role/${name}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadataFor(plan, name, service),
    rules: rules.map((rule, index) => ruleOf(draft, rule, `role/${name}`, index)),
  })
  objects.set(`rolebinding/${name}`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadataFor(plan, name, service),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    // A subject without a namespace is in that of its RoleBinding.
    subjects: [{ kind: 'ServiceAccount', name: account }],
  })
}

/** Jobs are allowed by their names, which change with their content. */
function ruleOf(
  { jobNames }: BundleDraft,
  rule: PermitRule,
  object: RoleId,
  index: number,
): Record<string, unknown> {
  if ('listPods' in rule) return { apiGroups: [''], resources: ['pods'], verbs: ['list'] }
  if ('deployment' in rule)
    return {
      apiGroups: ['apps'],
      resources: ['deployments'],
      resourceNames: [rule.deployment],
      verbs: ['get'],
    }
  if ('api' in rule) return { ...rule.api }
  const { job, verbs } = rule
  const derived = jobNames.get(job)
  derived?.at.push({ object, pointer: `/rules/${index}/resourceNames/0` })
  return { apiGroups: ['batch'], resources: ['jobs'], resourceNames: [derived?.base ?? job], verbs }
}

/** What a container needs to be an account of the API: its token, the authority of the API server, and the namespace. */
export function tokenSources(): Record<string, unknown>[] {
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
