import type { Place } from '@landfall/kube'
import { type BundleDraft, serviceOf } from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { PodTemplate } from '../../objects/pod.ts'
import { accountName } from '../../plan/names.ts'
import type { PodPlan } from '../../plan/plan.ts'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const NAME = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?'

/** What is set where a cloud gives rights to accounts: the name of one that is there, or annotations of the one that is made. */
export function declareAccount(
  { parameters, plan: project }: BundleDraft,
  { service, kind, account, accountIsGiven, permits }: PodPlan,
  { spec }: PodTemplate,
): void {
  const path = ['services', service, 'serviceAccount']
  if (account !== undefined && accountIsGiven !== true) {
    declare(parameters, {
      path: [...path, 'annotations'],
      default: {},
      schema: { type: 'object', additionalProperties: { type: 'string' } },
      description: 'annotations of the ServiceAccount of the pods',
      at: [
        { object: `serviceaccount/${account}`, pointer: '/metadata/annotations', as: 'entries' },
      ],
    })
    return
  }
  // Jobs have `default` by leaving it out
  const isOptional = account === undefined && kind === 'Job'
  const bindings = permits.map(
    ({ of }): Place => ({
      object: `rolebinding/${accountName(serviceOf(project, of))}`,
      pointer: '/subjects/0/name',
    }),
  )
  declare(parameters, {
    path: [...path, 'name'],
    default: isOptional ? '' : (account ?? 'default'),
    schema: { type: 'string', pattern: isOptional ? `^(${NAME})?$` : `^${NAME}$`, maxLength: 253 },
    description: 'a ServiceAccount that is in the namespace, for the pods',
    at: [
      { in: spec, key: 'serviceAccountName', ...(isOptional ? { as: 'optional' as const } : {}) },
      ...bindings,
    ],
  })
}
