import { COMPOSE_SERVICE_ANNOTATION, containerAnnotation } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'

export default {
  id: 'compose-service',
  title: 'Name the Compose service of each workload',
  build(draft) {
    for (const { plan, object } of draft.workloads)
      annotate(object.metadata, COMPOSE_SERVICE_ANNOTATION, plan.service)
    for (const { service, container, workload } of containersOf(draft, 'program')) {
      if (service.service === workload.plan.service) continue
      const key = containerAnnotation(COMPOSE_SERVICE_ANNOTATION, container.name)
      if (key !== undefined) annotate(workload.object.metadata, key, service.service)
    }
  },
} satisfies Adaptation
