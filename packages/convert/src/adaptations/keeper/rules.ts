import { KEEPER, type RoleId } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import type { KeeperPlan } from '../../plan/plan.ts'

type Rule = Record<'apiGroups' | 'resources' | 'verbs', string[]> & { resourceNames?: string[] }

/**
 * What the keeper may do. A watch of a collection cannot be limited to names; everything that changes an object is. A Job is created by an apply,
 * whose name the API server knows, unlike that of a create.
 */
export function keeperRules(
  { jobNames }: BundleDraft,
  { settings: { services } }: KeeperPlan,
  object: RoleId,
): Rule[] {
  const kinds = new Set(services.map(({ kind }) => kind))
  const namesOf = (kind: string) => [
    ...new Set(
      services
        .filter((one) => one.kind === kind && (one.restartsWith ?? one.alive) !== undefined)
        .map(({ workload }) => workload),
    ),
  ]
  const others = (['DaemonSet', 'StatefulSet'] as const).filter((kind) => kinds.has(kind))
  const apps = ['deployments', ...others.map(pluralOf)]
  const jobs = services.filter(({ again }) => again !== undefined)
  const rules: Rule[] = [
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    { apiGroups: ['apps'], resources: apps, verbs: ['list', 'watch'] },
    ...(kinds.has('Job')
      ? [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] }]
      : []),
    { apiGroups: [''], resources: ['events'], verbs: ['create'] },
    {
      apiGroups: ['apps'],
      resources: ['deployments'],
      resourceNames: [...namesOf('Deployment'), ...(jobs.length > 0 ? [KEEPER] : [])],
      verbs: ['patch'],
    },
    ...others.map((kind) => ({
      apiGroups: ['apps'],
      resources: [pluralOf(kind)],
      resourceNames: namesOf(kind),
      verbs: ['patch'],
    })),
    ...(jobs.length > 0
      ? [
          {
            apiGroups: ['batch'],
            resources: ['jobs'],
            resourceNames: jobs.map(({ workload }) => workload),
            verbs: ['get', 'patch', 'create', 'delete'],
          },
        ]
      : []),
  ].filter(({ resourceNames }: Rule) => resourceNames?.length !== 0)
  for (const [index, { service }] of jobs.entries())
    jobNames
      .get(service)
      ?.at.push({ object, pointer: `/rules/${rules.length - 1}/resourceNames/${index}` })
  return rules
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`
}
