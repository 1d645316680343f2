import { Buffer } from 'node:buffer'
import type { KubeObject } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type BundleDraft, metadataFor, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate, type EnvironmentVariable, literal } from '../../objects/pod.ts'

const CHECKSUM = 'checksum.landfall.dev/environment'

/** The variables of every program, in the order of the project, and the Secrets of those that are one. */
export function buildEnvironment(draft: BundleDraft, conversion: Conversion): void {
  for (const workload of draft.workloads) {
    const { from, program } = workload
    const { environment, secretVariables, secretReferences } = from.plan
    const kept = secretVariables.length === 0 ? undefined : secretOf(conversion, from)
    if (kept !== undefined) {
      draft.objects.set(`secret/${kept.metadata.name}`, kept)
      rollWithSecrets(draft, workload, `secret/${kept.metadata.name}`)
    }
    const secrets = new Map(Object.entries(secretReferences))
    for (const name of secretVariables)
      secrets.set(name, { secret: kept?.metadata.name ?? '', key: name })
    const names = new Set([...Object.keys(from.compose.environment ?? {}), ...secrets.keys()])
    for (const name of Object.keys(environment)) names.add(name)
    const variables = [...names].flatMap((name): EnvironmentVariable[] => {
      const from = secrets.get(name)
      if (from !== undefined)
        return [{ name, valueFrom: { secretKeyRef: { name: from.secret, key: from.key } } }]
      const value = environment[name]
      return value === undefined ? [] : [{ name, value: literal(value) }]
    })
    if (variables.length > 0) program.env = variables
  }
}

function secretOf(conversion: Conversion, from: ServiceConversion): KubeObject {
  const { name, environment, secretVariables } = from.plan
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataFor(conversion, `${name}-environment`, from),
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
