import { expect, test } from 'vitest'
import { type Bundle, resolveBundle } from './bundle.ts'
import { imagesOf, pinImages } from './pin-images.ts'

const pod = (...images: string[]) => ({
  template: {
    spec: { initContainers: [{ image: 'gate:1' }], containers: images.map((image) => ({ image })) },
  },
})

const bundle: Bundle = {
  name: 'demo',
  objects: new Map([
    ['service/web', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: {} }],
    [
      'deployment/web',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: pod('demo-web'),
      },
    ],
    [
      'job/migrate',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'migrate' },
        spec: pod('demo-migrate'),
      },
    ],
    [
      'cronjob/tidy',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'tidy' },
        spec: { jobTemplate: { spec: pod('busybox:1') } },
      },
    ],
  ]),
  parameters: [],
  switches: [],
  derived: [
    {
      rule: 'name-hash',
      base: 'migrate',
      inputs: [{ object: 'job/migrate', pointer: '/spec/template' }],
      at: [{ object: 'job/migrate', pointer: '/metadata/name' }],
    },
  ],
  builds: [],
  uploads: [],
  checks: [],
}

test('the images of all kinds of pods are found, those of init containers too', () => {
  expect(imagesOf(bundle)).toEqual(['busybox:1', 'demo-migrate', 'demo-web', 'gate:1'])
})

test('a pinned image gives its Job another name, so that it runs again, and the bundle itself stays', () => {
  const pinned = pinImages(bundle, new Map([['demo-migrate', 'demo-migrate@sha256:1']]))
  expect(imagesOf(pinned)).toContain('demo-migrate@sha256:1')
  expect(imagesOf(bundle)).toContain('demo-migrate')
  const name = (of: Bundle) => resolveBundle(of).get('job/migrate')?.metadata.name
  expect(name(pinned)).not.toBe(name(bundle))
})
