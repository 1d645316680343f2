import { Buffer } from 'node:buffer'
import { ownValue } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import { LARGEST_OBJECT } from '../../facts/mounts/sizes.ts'
import { type BundleDraft, containersOf, metadataFor } from '../../objects/bundle-draft.ts'
import { type EnvironmentVariable, literal } from '../../objects/pod.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'
import { storedSize } from '../files/content.ts'

/** The variables of every program, and the Secrets of those that are secret. */
export function buildEnvironment(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'program')) {
    const { environment, secretReferences } = service
    const secrets = new Map(Object.entries(secretReferences))
    for (const [index, names] of partsOf(service).entries()) {
      const kept = secretOf(draft.plan, service, names, index)
      draft.objects.set(`secret/${kept.metadata.name}`, kept)
      for (const name of names) secrets.set(name, { secret: kept.metadata.name, key: name })
    }
    const names = new Set([...Object.keys(environment), ...secrets.keys()])
    const variables = [...names].map((name): EnvironmentVariable => {
      const kept = secrets.get(name)
      if (kept === undefined) return { name, value: literal(ownValue(environment, name) ?? '') }
      return { name, valueFrom: { secretKeyRef: { name: kept.secret, key: kept.key } } }
    })
    if (variables.length > 0) container.env = variables
  }
}

/** The secret variables of each Secret: one, unless they are too large for one. */
function partsOf({ environment, secretVariables }: ServicePlan): string[][] {
  const parts: string[][] = []
  let room = 0
  for (const name of secretVariables) {
    const size = name.length + storedSize(Buffer.from(ownValue(environment, name) ?? ''), true)
    if (parts.length === 0 || size > room) {
      parts.push([])
      room = LARGEST_OBJECT
    }
    parts.at(-1)?.push(name)
    room -= size
  }
  return parts
}

function secretOf(
  project: Plan,
  service: ServicePlan,
  names: readonly string[],
  index: number,
): KubeObject {
  const number = index === 0 ? '' : `-${index + 1}`
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataFor(project, `${service.name}-environment${number}`, service),
    type: 'Opaque',
    data: Object.fromEntries(
      names.map((variable) => [
        variable,
        Buffer.from(ownValue(service.environment, variable) ?? '').toString('base64'),
      ]),
    ),
  }
}
