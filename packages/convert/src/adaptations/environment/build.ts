import { Buffer } from 'node:buffer'
import type { KubeObject } from '@landfall/kube'
import { type BundleDraft, metadataFor, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate, type EnvironmentVariable, literal } from '../../objects/pod.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'

const CHECKSUM = 'checksum.landfall.dev/environment'

/** The variables of every program, and the Secrets of those that are secret. */
export function buildEnvironment(draft: BundleDraft): void {
  for (const workload of draft.workloads) {
    const { plan, program } = workload
    const { environment, secretVariables, secretReferences } = plan
    const kept = secretVariables.length === 0 ? undefined : secretOf(draft.plan, plan)
    if (kept !== undefined) {
      draft.objects.set(`secret/${kept.metadata.name}`, kept)
      rollWithSecrets(draft, workload, `secret/${kept.metadata.name}`)
    }
    const secrets = new Map(Object.entries(secretReferences))
    for (const name of secretVariables)
      secrets.set(name, { secret: kept?.metadata.name ?? '', key: name })
    const names = new Set([...Object.keys(environment), ...secrets.keys()])
    const variables = [...names].map((name): EnvironmentVariable => {
      const kept = secrets.get(name)
      if (kept === undefined) return { name, value: literal(environment[name] ?? '') }
      return { name, valueFrom: { secretKeyRef: { name: kept.secret, key: kept.key } } }
    })
    if (variables.length > 0) program.env = variables
  }
}

function secretOf(project: Plan, service: ServicePlan): KubeObject {
  const { name, environment, secretVariables } = service
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataFor(project, `${name}-environment`, service),
    type: 'Opaque',
    data: Object.fromEntries(
      secretVariables.map((variable) => [
        variable,
        Buffer.from(environment[variable] ?? '').toString('base64'),
      ]),
    ),
  }
}

/** A program reads its variables when it starts, so a change makes new pods; a Job has it in its name instead. */
function rollWithSecrets(
  draft: BundleDraft,
  { role, object, pod }: WorkloadDraft,
  secret: string,
): void {
  if (object.kind === 'Job') return
  annotate(pod.metadata, CHECKSUM, '')
  draft.derived.push({
    rule: 'content-hash',
    base: '',
    inputs: [{ object: secret, pointer: '/data' }],
    at: [
      {
        object: role,
        pointer: `/spec/template/metadata/annotations/${CHECKSUM.replace('/', '~1')}`,
      },
    ],
  })
}
