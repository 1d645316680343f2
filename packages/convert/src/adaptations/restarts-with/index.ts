import { toPointer } from '@landfall/diagnostic'
import {
  KEPT_WITH_ANNOTATION,
  type KubeObject,
  printWait,
  RESTARTS_WITH_ANNOTATION,
  type RoleId,
  RESTARTS_WITH_SECRETS_ANNOTATION as SECRETS,
  secretsOfPods,
  TEMPLATE_ANNOTATION,
} from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import { type BundleDraft, serviceOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { addRoll, rollsBy } from '../../objects/rolls.ts'
import { GATES } from '../gates/gate-container.ts'
import { isRolloutGate, rolloutList } from '../gates/lists.ts'
import { planKeptWith } from './kept-with.ts'

type WithRoll = ReturnType<typeof rollsBy>[number]

const ANNOTATION = 'checksum.landfall.dev/restarts-with'

/** A one-shot runs once whatever happens to others, and makes no new pods of others. */
function planService({ serviceOf }: Conversion, service: ServiceConversion): void {
  if (service.plan.kind === 'Job') return
  service.plan.restartsWith = dependenciesOf(service).flatMap(([name, { restart }]) => {
    const target = serviceOf(name)
    return restart === true && target !== undefined && target.plan.kind !== 'Job' ? [name] : []
  })
}

/** Each after those whose pods it hashes: a hash is over what others have put there. */
function inOrder(draft: BundleDraft): WithRoll[] {
  const rolls = rollsBy(draft, 'pods')
  const done = new Set<WithRoll>()
  const visit = (one: WithRoll, path: readonly WithRoll[]): void => {
    if (done.has(one) || path.includes(one)) return
    for (const target of rolls)
      if (one.roll.pods?.includes(target.workload.plan.service)) visit(target, [...path, one])
    done.add(one)
  }
  for (const one of rolls) visit(one, [])
  return [...done]
}

/** The Secrets that its pods use, and those for which a deploy replaces them as well. */
function rollingSecrets(object: KubeObject): string[] {
  const others = object.metadata.annotations?.[SECRETS]?.split(',') ?? []
  return [...secretsOfPods(object), ...others]
}

function namesOf({ pods = [] }: WithRoll['roll']): string {
  return [...new Set(pods)].sort().join(',')
}

/** `landfall restart` restarts with a service also what the keeper does. */
function annotateKept({ plan, workloads }: BundleDraft): void {
  for (const { plan: pod, object } of workloads) {
    const kept = pod.services.flatMap((service) =>
      (serviceOf(plan, service).keptWith ?? []).map((other) => other.service),
    )
    const known = object.metadata.annotations?.[RESTARTS_WITH_ANNOTATION]?.split(',') ?? []
    const all = [...new Set([...known, ...kept])].sort()
    if (kept.length === 0) continue
    annotate(object.metadata, RESTARTS_WITH_ANNOTATION, all.join(','))
    annotate(object.metadata, KEPT_WITH_ANNOTATION, [...new Set(kept)].sort().join(','))
  }
}

/** The hash of a template, where others wait for its rollout: last, when everything is in it. */
function hashTemplates({ plan, workloads, derived }: BundleDraft): void {
  const waits = plan.services.flatMap(({ gates }) => gates.filter(isRolloutGate))
  const awaited = new Map(waits.map((gate) => [gate.wait.deployment, gate]))
  for (const { object, role } of workloads) {
    const gate = object.kind === 'Deployment' ? awaited.get(object.metadata.name) : undefined
    if (gate === undefined) continue
    annotate(object.metadata, TEMPLATE_ANNOTATION, '')
    const { deployment } = gate.wait
    derived.push({
      rule: 'content-hash',
      base: '',
      inputs: [{ object: role, pointer: '/spec/template' }],
      at: [
        { object: role, pointer: toPointer(['metadata', 'annotations', TEMPLATE_ANNOTATION]) },
        {
          object: `configmap/${GATES}`,
          pointer: toPointer(['data', rolloutList(gate)]),
          format: `${printWait({ kind: 'rollout', deployment, template: '{}' })}\n`,
        },
      ],
    })
  }
}

export default {
  id: 'restarts-with',
  title: 'Replace the pods of a service when a service that it restarts with changes',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
    planKeptWith(conversion)
  },
  // Containers of one pod are new together anyway.
  part({ service, pod = service, restartsWith }, { services }) {
    const pods = restartsWith
      .flatMap((name) => services.find((one) => one.service === name) ?? [])
      .map((target) => target.pod ?? target.service)
      .filter((target) => target !== pod)
    return pods.length === 0 ? {} : { rolls: [{ annotation: ANNOTATION, by: 'pods', pods }] }
  },
  build(draft) {
    const roles = new Map(draft.workloads.map(({ plan, role }) => [plan.service, role]))
    for (const { workload, roll } of inOrder(draft)) {
      const targets = (roll.pods ?? []).map((pod) => roles.get(pod) as RoleId)
      const inputs = targets.map((object) => ({ object, pointer: '/spec/template' }))
      addRoll(draft, workload, roll.annotation, inputs)
      annotate(workload.object.metadata, RESTARTS_WITH_ANNOTATION, namesOf(roll))
      const secrets = targets
        .flatMap((target) => rollingSecrets(draft.objects.get(target) as KubeObject))
        .filter((name) => draft.objects.has(`secret/${name}`))
      if (secrets.length > 0)
        annotate(workload.object.metadata, SECRETS, [...new Set(secrets)].sort().join(','))
    }
    annotateKept(draft)
    hashTemplates(draft)
  },
} satisfies Adaptation
