import { Buffer } from 'node:buffer'
import { ownValue } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import { type BundleDraft, containersOf, metadataFor } from '../../objects/bundle-draft.ts'
import { type EnvironmentVariable, literal } from '../../objects/pod.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'

/** The variables of every program, and the Secrets of those that are secret. */
export function buildEnvironment(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'program')) {
    const { environment, secretVariables, secretReferences } = service
    const kept = secretVariables.length === 0 ? undefined : secretOf(draft.plan, service)
    if (kept !== undefined) draft.objects.set(`secret/${kept.metadata.name}`, kept)
    const secrets = new Map(Object.entries(secretReferences))
    for (const name of secretVariables)
      secrets.set(name, { secret: kept?.metadata.name ?? '', key: name })
    const names = new Set([...Object.keys(environment), ...secrets.keys()])
    const variables = [...names].map((name): EnvironmentVariable => {
      const kept = secrets.get(name)
      if (kept === undefined) return { name, value: literal(ownValue(environment, name) ?? '') }
      return { name, valueFrom: { secretKeyRef: { name: kept.secret, key: kept.key } } }
    })
    if (variables.length > 0) container.env = variables
  }
}

function secretName({ name }: ServicePlan): string {
  return `${name}-environment`
}

function secretOf(project: Plan, service: ServicePlan): KubeObject {
  const { environment, secretVariables } = service
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataFor(project, secretName(service), service),
    type: 'Opaque',
    data: Object.fromEntries(
      secretVariables.map((variable) => [
        variable,
        Buffer.from(ownValue(environment, variable) ?? '').toString('base64'),
      ]),
    ),
  }
}
