import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import type { Verb } from '../events.ts'
import { whatLasts } from './lasting.ts'

const object = (kind: string, name: string, claims = false): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  spec: {
    template: {
      spec: { volumes: claims ? [{ persistentVolumeClaim: { claimName: 'data' } }] : [] },
    },
  },
})
const operation = (object: string, verb: Verb, id = 1) => ({ object, verb, id, cause: '' })

test('Jobs that were made, claims that were made or changed, and what changed programs wrote stay', () => {
  const objects = [
    object('Job', 'migrate-2'),
    object('Job', 'migrate-1'),
    object('PersistentVolumeClaim', 'new'),
    object('PersistentVolumeClaim', 'data'),
    object('Deployment', 'db', true),
    object('Deployment', 'web'),
    object('Deployment', 'same', true),
  ]
  const operations = [
    operation('job/migrate-2', 'create'),
    operation('job/migrate-1', 'unchanged'),
    operation('persistentvolumeclaim/new', 'create'),
    operation('persistentvolumeclaim/data', 'update'),
    operation('deployment/db', 'update'),
    operation('deployment/web', 'update'),
    operation('deployment/same', 'unchanged'),
  ]
  expect(whatLasts(operations, objects)).toEqual([
    'job/migrate-2 may have run: what it did stays',
    'persistentvolumeclaim/new was created and stays',
    'persistentvolumeclaim/data was changed and stays as it is',
    'what the new version of deployment/db wrote into its volumes stays',
  ])
})

test('where nothing was written, nothing stays', () => {
  expect(whatLasts([operation('deployment/web', 'update')], [object('Deployment', 'web')])).toEqual(
    [],
  )
})
