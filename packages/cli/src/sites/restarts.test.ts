import { type Bundle, COMPOSE_SERVICE_ANNOTATION, type KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { annotated } from './restarts.ts'

const workload = (kind: string, service: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: service, annotations: { [COMPOSE_SERVICE_ANNOTATION]: service } },
  spec: { template: { metadata: { annotations: { kept: 'yes' } }, spec: {} } },
})

test('only pods of services that restart with another site change with its pods', () => {
  const objects = new Map([
    ['deployment/worker', workload('Deployment', 'worker')],
    ['deployment/broker', workload('Deployment', 'broker')],
  ])
  const bundle: Bundle = {
    ...{ name: 'fog', objects, parameters: [], switches: [], derived: [], builds: [] },
    ...{ uploads: [], checks: [] },
  }
  const changed = annotated(bundle, new Map([['worker', ['cloud/rabbitmq=1a2b']]]))
  expect(changed.objects.get('deployment/worker')?.spec.template.metadata.annotations).toEqual({
    kept: 'yes',
    'landfall.dev/restarts-with-sites': 'cloud/rabbitmq=1a2b',
  })
  expect(changed.objects.get('deployment/broker')).toBe(objects.get('deployment/broker'))
  expect(objects.get('deployment/worker')?.spec.template.metadata.annotations).toEqual({
    kept: 'yes',
  })
})
