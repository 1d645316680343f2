import { disruptionBudget, type KubeObject } from '@landfall/kube'
import {
  type BundleDraft,
  metadataFor,
  selectorOf,
  serviceOf,
  type WorkloadDraft,
} from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { Plan, PodPlan } from '../../plan/plan.ts'

/** How many pods there may be. */
const COUNT = { type: 'integer', minimum: 1, maximum: 10_000 }

/**
 * An autoscaler for a workload, whose number of pods is left to it. It looks at the container of the service alone: the requests of others in
 * the pod need not be known. https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#container-resource-metrics
 */
function autoscaler(
  project: Plan,
  { plan, object, containers }: WorkloadDraft,
  { min, max, cpu, memory, of }: NonNullable<PodPlan['scale']>,
): KubeObject {
  const container = containers.find(
    (one) => one.plan.phase === 'program' && one.service.service === of,
  )?.container.name
  const metric = (name: string, averageUtilization: number | undefined) =>
    averageUtilization === undefined
      ? []
      : [
          {
            type: 'ContainerResource',
            containerResource: {
              name,
              container,
              target: { type: 'Utilization', averageUtilization },
            },
          },
        ]
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataFor(project, plan.name, serviceOf(project, plan.service)),
    spec: {
      scaleTargetRef: { apiVersion: object.apiVersion, kind: object.kind, name: plan.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [...metric('cpu', cpu), ...metric('memory', memory)],
    },
  }
}

/** The autoscaler that the project declares. */
export function buildAutoscaler(
  { plan: project, objects, parameters }: BundleDraft,
  workload: WorkloadDraft,
  scale: NonNullable<PodPlan['scale']>,
): void {
  const { plan, object } = workload
  const role = `horizontalpodautoscaler/${plan.name}`
  objects.set(role, autoscaler(project, workload, scale))
  delete object.spec.replicas
  declare(parameters, {
    path: ['services', plan.service, 'scale'],
    default: { min: scale.min, max: scale.max },
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['min', 'max'],
      properties: { min: COUNT, max: COUNT },
    },
    description: 'the least and the most pods; the load decides',
    at: [
      { object: role, pointer: '/spec/minReplicas', part: 'min' },
      { object: role, pointer: '/spec/maxReplicas', part: 'max' },
    ],
  })
}

/** An autoscaler that a value turns on, where more than one pod is right. It measures a part of what the program requests. */
export function offerAutoscaler(
  { plan: project, parameters, switches }: BundleDraft,
  workload: WorkloadDraft,
): void {
  const { service, name, replicas } = workload.plan
  const min = Math.max(replicas, 1)
  const scale = { min, max: 3 * min, cpu: 80, of: service }
  const role = `horizontalpodautoscaler/${name}`
  const path = ['services', service, 'scale']
  switches.push({
    path: [...path, 'enabled'],
    description: 'the load decides on the number of pods, instead of replicas',
    objects: new Map([[role, autoscaler(project, workload, scale)]]),
    keys: [{ object: workload.role, pointer: '/spec/replicas' }],
  })
  const target = '/spec/metrics/0/containerResource/target/averageUtilization'
  for (const [key, pointer, description] of [
    ['min', '/spec/minReplicas', 'the least pods'],
    ['max', '/spec/maxReplicas', 'the most pods'],
    ['cpu', target, 'percent of the CPU that the program requests, at which there are more pods'],
  ] as const)
    declare(parameters, {
      path: [...path, key],
      default: scale[key],
      schema: COUNT,
      description,
      at: [{ object: role, pointer }],
    })
}

/** Lets who drains nodes evict one pod of a workload at a time. */
export function disruptionBudgetOf(project: Plan, plan: PodPlan): KubeObject {
  const metadata = metadataFor(project, plan.name, serviceOf(project, plan.service))
  return disruptionBudget(metadata, selectorOf(project, plan))
}

/** Sends the connections of one address to one pod, at each Service that balances them over the pods of a sticky service. */
export function stickServices({ plan, objects }: BundleDraft): void {
  for (const service of plan.services) {
    if (service.sticky !== true) continue
    const selected = JSON.stringify(selectorOf(plan, service))
    for (const { kind, spec } of objects.values() as Iterable<KubeObject>)
      if (kind === 'Service' && spec.clusterIP !== 'None')
        if (JSON.stringify(spec.selector) === selected) spec.sessionAffinity = 'ClientIP'
  }
}
