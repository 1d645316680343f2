import { Buffer } from 'node:buffer'
import { ownValue } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import { type BundleDraft, containersOf, metadataFor } from '../../objects/bundle-draft.ts'
import { identityVariables, numbered } from '../../objects/identity.ts'
import { type EnvironmentVariable, literal } from '../../objects/pod.ts'
import { splitBySize, numbered as withIndex } from '../../objects/split-by-size.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'
import { storedSize } from '../files/content.ts'
import { declareVariables } from './parameters.ts'

/** The variables of every program, and the Secrets of those that are secret. */
export function buildEnvironment(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'program')) {
    const secrets = new Map(Object.entries(service.secretReferences))
    for (const [index, names] of partsOf(service).entries()) {
      const kept = secretOf(draft.plan, service, names, index)
      draft.objects.set(`secret/${kept.metadata.name}`, kept)
      for (const name of names) secrets.set(name, { secret: kept.metadata.name, key: name })
    }
    const variables = variablesOf(service, secrets)
    const all = [...identityVariables(service), ...variables]
    if (all.length > 0) container.env = all
    declareVariables(draft, service, variables)
  }
}

function variablesOf(
  service: ServicePlan,
  secrets: ReadonlyMap<string, { secret: string; key: string }>,
): EnvironmentVariable[] {
  const { environment, identity } = service
  const names = new Set([...Object.keys(environment), ...secrets.keys()])
  if (identity?.env !== undefined) names.delete(identity.env)
  return [...names].map((name): EnvironmentVariable => {
    const kept = secrets.get(name)
    if (kept === undefined) {
      const value = numbered(service, literal(ownValue(environment, name) ?? ''))
      return { name, value }
    }
    return { name, valueFrom: { secretKeyRef: { name: kept.secret, key: kept.key } } }
  })
}

/** The secret variables of each Secret: one, unless they are too large for one. */
function partsOf({ environment, secretVariables }: ServicePlan): string[][] {
  const sized = secretVariables.map((name) => {
    const value = Buffer.from(ownValue(environment, name) ?? '')
    return { name, size: name.length + storedSize(value, true) }
  })
  return splitBySize(sized).map((part) => part.map(({ name }) => name))
}

function secretOf(
  project: Plan,
  service: ServicePlan,
  names: readonly string[],
  index: number,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataFor(project, `${service.name}-environment${withIndex(index)}`, service),
    type: 'Opaque',
    data: Object.fromEntries(
      names.map((variable) => [
        variable,
        Buffer.from(ownValue(service.environment, variable) ?? '').toString('base64'),
      ]),
    ),
  }
}
