import { toPointer } from '@landfall/diagnostic'
import type { ContainerPlan, Phase, Plan, PodPlan } from '../plan/plan.ts'
import { type CommentDraft, entryLine, type OpenEntries } from './comment-draft.ts'

/** What the containers are for that the project does not have. */
const PHASES: Readonly<Partial<Record<Phase, string>>> = {
  tools: 'brings the tools that fill volumes from the image, which may have none',
  seed: 'fills a new volume from the image, as Docker does',
  scratch: 'sets the modes and owners of empty directories',
  files: 'copies files of the project to where the program may write them',
  fill: 'keeps a claim in step with files of the project',
  settings: 'writes kernel settings of the pod',
  names: 'writes the hosts file',
  check: 'looks whether the work is done, because the program does not end by itself',
  keep: 'lives as long as the pod',
}

/** The comments of a workload: at fields that the plan decides, and at its top what became of further keys of its services. */
export function commentPod(
  draft: CommentDraft,
  pod: PodPlan,
  plan: Plan,
  entries: OpenEntries,
): void {
  const { kind, kindBecause, oneCopy, rollout, job, needs, steps, containers, services } = pod
  draft.at([], `a ${kind}, because ${kindBecause.text}`)
  if (oneCopy !== undefined) draft.at(['spec', 'replicas'], `one, because ${oneCopy.because.text}`)
  if (rollout !== undefined) {
    const how = rollout.strategy.type === 'Recreate' ? 'old pods stop first' : 'new pods first'
    const line = `${how}, because ${rollout.because.text}`
    if (!draft.at(['spec', 'strategy'], line)) draft.at(['spec', 'updateStrategy'], line)
    if (rollout.alone === true)
      draft.at(
        ['spec', 'template', 'spec', 'affinity'],
        `no pod starts before the last one has ended, on any node: ${rollout.because.text}`,
      )
  }
  for (const [index, { because }] of needs.sysctls.entries())
    if (because !== undefined)
      draft.at(
        ['spec', 'template', 'spec', 'securityContext', 'sysctls', index],
        `because ${because.text}`,
      )
  const restart = job && toPointer(['services', pod.service, 'restart'])
  const tries = restart === undefined ? undefined : entries.take(restart)
  if (tries !== undefined) draft.at(['spec', 'backoffLimit'], entryLine(tries))
  for (const [list, all] of Object.entries({ initContainers: steps, containers }))
    for (const [index, container] of all.entries()) {
      const at = ['spec', 'template', 'spec', list, index]
      commentContainer(draft, at, container, { pod, plan, entries })
    }
  for (const service of services)
    for (const entry of entries.takeBelow(toPointer(['services', service])))
      draft.at([], entryLine(entry))
}

interface Around {
  pod: PodPlan
  plan: Plan
  entries: OpenEntries
}

function commentContainer(
  draft: CommentDraft,
  at: (string | number)[],
  { phase, of }: ContainerPlan,
  around: Around,
): void {
  const purpose = PHASES[phase]
  if (purpose !== undefined) draft.at(at, purpose)
  if (phase === 'wait') commentGate(draft, at, of, around)
  if (phase === 'program') commentProgram(draft, at, of, around)
}

function commentGate(
  draft: CommentDraft,
  at: (string | number)[],
  of: string,
  { plan, entries }: Around,
): void {
  for (const { on, because } of plan.services.find(({ service }) => service === of)?.gates ?? []) {
    const entry = entries.take(toPointer(['services', of, 'depends_on', on]))
    draft.at(at, `waits for ${on}: ${entry?.reason ?? because.text}`)
  }
}

function commentProgram(
  draft: CommentDraft,
  at: (string | number)[],
  of: string,
  { pod, entries }: Around,
): void {
  const probe = entries.take(toPointer(['services', of, 'healthcheck']))
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe']
  if (probe !== undefined) probes.some((field) => draft.at([...at, field], entryLine(probe)))
  const { drain } = pod
  if (drain !== undefined)
    draft.at([...at, 'lifecycle'], `a pause of ${drain.seconds} s, because ${drain.because.text}`)
  for (const [index, name] of variablesAt(draft, at).entries()) {
    const entry = entries.take(toPointer(['services', of, 'environment', name]))
    if (entry !== undefined) draft.at([...at, 'env', index], entry.reason)
  }
}

function variablesAt({ object }: CommentDraft, at: readonly (string | number)[]): string[] {
  let value: unknown = object
  for (const key of [...at, 'env']) value = (value as Record<string | number, unknown>)?.[key]
  return Array.isArray(value) ? value.map(({ name }) => String(name)) : []
}
