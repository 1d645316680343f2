import type { KubeObject, Switch, SwitchedKey } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { spreadFields } from '../placement/spread.ts'
import { disruptionBudgetOf } from './objects.ts'

const POD = '/spec/template/spec'

/** What several pods get, where the number of pods is a value: with more than one, and with an autoscaler, the chart has what the project would have. */
export function offerSeveral(
  { plan: project, switches }: BundleDraft,
  workload: WorkloadDraft,
): void {
  const { plan, pod, role } = workload
  if (plan.ifSeveral === undefined) return
  const values = ['services', plan.service]
  const { spread, hostnames } = plan.ifSeveral
  const { topologySpreadConstraints, podAntiAffinity } = spreadFields(spread, plan, project)
  const keys: SwitchedKey[] = []
  if (topologySpreadConstraints.length > 0 && pod.spec.topologySpreadConstraints === undefined)
    keys.push({
      object: role,
      pointer: `${POD}/topologySpreadConstraints`,
      value: topologySpreadConstraints,
    })
  if (podAntiAffinity !== undefined && pod.spec.affinity?.podAntiAffinity === undefined)
    keys.push({
      object: role,
      ...(pod.spec.affinity === undefined
        ? { pointer: `${POD}/affinity`, value: { podAntiAffinity } }
        : { pointer: `${POD}/affinity/podAntiAffinity`, value: podAntiAffinity }),
      unless: [...values, 'affinity', 'podAntiAffinity'],
    })
  if (hostnames === 'own' && pod.spec.hostname !== undefined)
    keys.push({ object: role, pointer: `${POD}/hostname` })
  const budget: [string, KubeObject] = [
    `poddisruptionbudget/${plan.name}`,
    disruptionBudgetOf(project, plan),
  ]
  const several: Switch = {
    path: [...values, 'several'],
    description: 'what several pods get',
    follows: [
      { path: [...values, 'replicas'], above: 1 },
      { path: [...values, 'scale', 'enabled'] },
    ],
    objects: new Map([budget]),
    keys,
  }
  switches.push(several)
}
