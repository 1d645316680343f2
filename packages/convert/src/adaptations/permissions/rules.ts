import type { ApiRule } from '../../plan/plan.ts'
import type { Permission } from '../../settings/landfall-file.ts'
import { groupOf, isOfCluster } from './groups.ts'

/** What is wrong with a rule, at keys below it. */
export interface RuleProblem {
  at: (string | number)[]
  message: string
  hint: string
}

/** The rules of a Role for one rule of landfall.yaml: one for each API group if it names none. */
export function rulesOf({ apiGroups, resources = [], verbs = [], resourceNames }: Permission): {
  rules: ApiRule[]
  problems: RuleProblem[]
} {
  const problems: RuleProblem[] = []
  if (resources.length === 0 || verbs.length === 0)
    problems.push({
      at: [],
      message: `a rule has no ${resources.length === 0 ? 'resources' : 'verbs'}`,
      hint: 'add them: { resources: [pods], verbs: [get, list, watch] }',
    })
  const groups = new Map<string, string[]>()
  for (const [index, resource] of resources.entries()) {
    const group = groupOf(resource)
    if (isOfCluster(resource))
      problems.push({
        at: ['resources', index],
        message: `${resource} belong to the whole cluster, which a Role cannot allow`,
        hint: 'let an administrator create a ClusterRole, and bind it to the ServiceAccount of the service',
      })
    else if (apiGroups === undefined && group === undefined)
      problems.push({
        at: ['resources', index],
        message: `the API group of ${resource} is not known`,
        hint: 'add apiGroups; `kubectl api-resources` lists them',
      })
    else if (apiGroups === undefined)
      groups.set(group as string, [...(groups.get(group as string) ?? []), resource])
  }
  for (const [index, verb] of verbs.entries())
    if (resourceNames !== undefined && /^(create|deletecollection)$/.test(verb))
      problems.push({
        at: ['verbs', index],
        message: `${verb} cannot be limited to names`,
        hint: 'put it into a rule without resourceNames',
      })
  const named = resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }
  const rest = { verbs: [...verbs], ...named }
  return {
    problems,
    rules:
      apiGroups === undefined
        ? [...groups].map(([group, kinds]) => ({ apiGroups: [group], resources: kinds, ...rest }))
        : [{ apiGroups: [...apiGroups], resources: [...resources], ...rest }],
  }
}

/** What a rule lets its holder do beyond the rule: run any program in the namespace, read all Secrets, give itself more. */
export function reachOf({
  apiGroups,
  resources,
  verbs,
  resourceNames,
}: ApiRule): string | undefined {
  const has = (verb: string, ...kinds: string[]) =>
    (verbs.includes('*') || verbs.includes(verb)) &&
    (resources.includes('*') || kinds.some((kind) => resources.includes(kind)))
  if (
    has('escalate', 'roles') ||
    has('bind', 'roles', 'rolebindings') ||
    has('impersonate', 'serviceaccounts')
  )
    return 'it can give itself any right'
  const core = apiGroups.includes('') || apiGroups.includes('*')
  const programs = [
    'pods',
    'pods/exec',
    'pods/attach',
    'pods/ephemeralcontainers',
    'replicationcontrollers',
  ]
  const workloads = ['deployments', 'daemonsets', 'statefulsets', 'replicasets', 'jobs', 'cronjobs']
  if (['create', 'update', 'patch'].some((verb) => has(verb, ...programs, ...workloads)))
    return 'it can run any program with the Secrets, volumes and ServiceAccounts of the namespace'
  if (
    core &&
    resourceNames === undefined &&
    ['get', 'list', 'watch'].some((verb) => has(verb, 'secrets'))
  )
    return 'it can read all Secrets of the namespace'
  return undefined
}
