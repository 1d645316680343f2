import { disruptionBudget, type KubeObject } from '@landfall/kube'
import {
  type BundleDraft,
  metadataFor,
  selectorOf,
  serviceOf,
  type WorkloadDraft,
} from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { PodPlan } from '../../plan/plan.ts'

/**
 * An autoscaler for a workload, whose number of pods is left to it. It looks at the container of the service alone: the requests of others in
 * the pod need not be known. https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#container-resource-metrics
 */
export function buildAutoscaler(
  { plan: project, objects, parameters }: BundleDraft,
  { plan, object, containers }: WorkloadDraft,
  { min, max, cpu, memory, of }: NonNullable<PodPlan['scale']>,
): void {
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
  const role = `horizontalpodautoscaler/${plan.name}`
  objects.set(role, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataFor(project, plan.name, serviceOf(project, plan.service)),
    spec: {
      scaleTargetRef: { apiVersion: object.apiVersion, kind: object.kind, name: plan.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [...metric('cpu', cpu), ...metric('memory', memory)],
    },
  })
  delete object.spec.replicas
  const count = { type: 'integer', minimum: 1, maximum: 10_000 }
  declare(parameters, {
    path: ['services', plan.service, 'scale'],
    default: { min, max },
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['min', 'max'],
      properties: { min: count, max: count },
    },
    description: 'the least and the most pods; the load decides',
    at: [
      { object: role, pointer: '/spec/minReplicas', part: 'min' },
      { object: role, pointer: '/spec/maxReplicas', part: 'max' },
    ],
  })
}

/** Lets who drains nodes evict one pod of a workload at a time. */
export function buildDisruptionBudget(
  { plan: project, objects }: BundleDraft,
  { plan }: WorkloadDraft,
): void {
  const metadata = metadataFor(project, plan.name, serviceOf(project, plan.service))
  objects.set(
    `poddisruptionbudget/${plan.name}`,
    disruptionBudget(metadata, selectorOf(project, plan)),
  )
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
