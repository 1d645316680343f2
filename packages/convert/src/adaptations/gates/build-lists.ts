import { printWait } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { GATES } from './gate-container.ts'
import { groupsOf } from './groups.ts'
import { isJobGate, isRolloutGate, type JobGate, jobList, rolloutList } from './lists.ts'

/** What the lists hold that gates read. */
export function buildGateLists(draft: BundleDraft): void {
  for (const service of draft.plan.services) {
    for (const gate of service.gates) {
      if (isJobGate(gate)) writeJobList(draft, gate)
      // the hash of the template is written when all is known that belongs to the template
      if (isRolloutGate(gate)) draft.gateLists.set(rolloutList(gate), `${printWait(gate.wait)}\n`)
    }
    for (const { gates, own } of groupsOf(service, draft.plan)) {
      const lines = gates
        .filter((gate) => !isJobGate(gate) && !isRolloutGate(gate))
        .map(({ wait }) => printWait(wait))
      if (own !== undefined) draft.gateLists.set(own, `${lines.join('\n')}\n`)
    }
  }
}

/** Its line holds the name of the Job, which changes with the Job. */
function writeJobList(draft: BundleDraft, gate: JobGate): void {
  const derived = draft.jobNames.get(gate.job)
  if (derived === undefined) throw new Error(`${gate.job} is not a one-shot`)
  const list = jobList(gate)
  if (draft.gateLists.has(list)) return
  const lineFor = (job: string) => `${printWait({ ...gate.wait, job, label: gate.on })}\n`
  draft.gateLists.set(list, lineFor(derived.base))
  derived.at.push({
    object: `configmap/${GATES}`,
    pointer: `/data/${list}`,
    format: lineFor('{}'),
  })
}
