import { ownValue, toPointer } from '@landfall/diagnostic'
import type { RoleId } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { EnvironmentVariable } from '../../objects/pod.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'

/** A variable is a text; numbers and truth values are written as one. */
const VARIABLE_SCHEMA = { type: ['string', 'number', 'boolean'] }

/** The values of the plain variables of a service, those of its secret ones, and the Secret that may hold these instead. */
export function declareVariables(
  draft: BundleDraft,
  service: ServicePlan,
  variables: readonly EnvironmentVariable[],
): void {
  for (const variable of variables) {
    if (variable.value === undefined) continue
    declare(draft.parameters, {
      path: pathOfVariable(service.service, variable.name),
      default: variable.value,
      schema: VARIABLE_SCHEMA,
      description: 'an environment variable',
      origin: originOf(service, variable.name),
      at: [{ in: variable, key: 'value', as: 'text' }],
    })
  }
  declareSecrets(draft, service, variables)
}

/** Where the value of a plain variable of a service is among the values. */
export function pathOfVariable(service: string, variable: string): string[] {
  return ['services', service, 'environment', variable]
}

function declareSecrets(
  { plan, parameters, objects }: BundleDraft,
  service: ServicePlan,
  variables: readonly EnvironmentVariable[],
): void {
  const own = variables.flatMap(({ name, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef as { name: string; key: string } | undefined
    const isOwn = reference !== undefined && service.secretVariables.includes(name)
    return isOwn ? [{ name, reference, role: `secret/${reference.name}` }] : []
  })
  if (own.length === 0) return
  for (const { name, reference, role } of own) {
    if (!objects.has(role)) continue
    const value = ownValue(service.environment, name) ?? ''
    declare(parameters, {
      path: sharedIn(plan).has(name)
        ? ['secrets', name]
        : ['services', service.service, 'secrets', name],
      default: value,
      schema: VARIABLE_SCHEMA,
      description: 'a secret environment variable',
      origin: originOf(service, name),
      ...(value === '' ? {} : { secret: true as const }),
      at: [{ object: role, pointer: toPointer(['data', reference.key]), as: 'base64' }],
    })
  }
  const roles: RoleId[] = [...new Set(own.map(({ role }) => role))]
  declare(parameters, {
    path: ['services', service.service, 'existingSecret'],
    default: '',
    schema: { type: 'string', pattern: '^(?:[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$' },
    description: `a Secret of the namespace to use instead, with the keys ${own.map(({ name }) => name).join(', ')}`,
    at: own.map(({ reference }) => ({ in: reference, key: 'name', as: 'instead' })),
    replaces: roles,
  })
}

const known = new WeakMap<Plan, ReadonlySet<string>>()

/** The variables that are the same secret for all services that have them. */
function sharedIn(plan: Plan): ReadonlySet<string> {
  const found = known.get(plan)
  if (found !== undefined) return found
  const values = new Map<string, Set<string>>()
  for (const { secretVariables, environment } of plan.services)
    for (const name of secretVariables)
      values.set(name, (values.get(name) ?? new Set()).add(ownValue(environment, name) ?? ''))
  const shared = new Set([...values].flatMap(([name, { size }]) => (size === 1 ? [name] : [])))
  known.set(plan, shared)
  return shared
}

function originOf({ service }: ServicePlan, variable: string): string {
  return toPointer(['services', service, 'environment', variable])
}
