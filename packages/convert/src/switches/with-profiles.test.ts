import { resolveBundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { bundleWith, switchable } from './test-profiles.ts'
import { oneAtATime, switchedOn, togetherBeyond } from './with-profiles.ts'

const on = (...profiles: string[]) => switchedOn(profiles.map((one) => ['profiles', one]))

test('with a profile switched on, the bundle is that of the project with the profile', () => {
  const { bundle, offered, beyond } = switchable(['a.b', 'debug', 'joined'])
  expect(beyond).toEqual([])
  expect(offered).toEqual(['a.b', 'debug', 'joined'])
  expect(resolveBundle(bundle)).toEqual(resolveBundle(bundleWith([])))
  expect(resolveBundle(bundle, {})).toEqual(resolveBundle(bundleWith([])))
  for (const profile of offered)
    expect(resolveBundle(bundle, on(profile)), profile).toEqual(
      resolveBundle(bundleWith([profile])),
    )
  for (const both of [
    ['a.b', 'debug'],
    ['debug', 'joined'],
    ['a.b', 'debug', 'joined'],
  ])
    expect(resolveBundle(bundle, on(...both)), both.join()).toEqual(resolveBundle(bundleWith(both)))
})

test('the manifests have no object of a profile that is not active', () => {
  const { bundle } = switchable(['debug'])
  expect([...bundle.objects.keys()]).toEqual([...bundleWith([]).objects.keys()])
})

test('values of a service are those of its profile, and a secret is that of all services', () => {
  const { bundle } = switchable(['a.b', 'debug'])
  const values = {
    ...on('debug'),
    secrets: { DB_PASSWORD: 'other' },
    services: { admin: { environment: { LEVEL: 'debug' }, image: { tag: '5' } } },
    global: { imageRegistry: 'registry.example.com' },
  }
  expect(resolveBundle(bundle, values)).toEqual(resolveBundle(bundleWith(['debug']), values))
  const objects = resolveBundle(bundle, values)
  expect(objects.get('deployment/admin')?.spec.template.spec.containers[0].image).toBe(
    'registry.example.com/library/adminer:5',
  )
  expect(objects.get('secret/admin-environment')?.data.DB_PASSWORD).toBe(btoa('other'))
})

test('profiles that change one object in different ways are on one at a time', () => {
  const compose = `
services:
  db: { image: redis }
  a: { image: a, profiles: [a], network_mode: "service:db" }
  b: { image: b, profiles: [b], network_mode: "service:db" }
`
  const found = switchable(['a', 'b'], compose)
  expect(found.offered).toEqual(['a', 'b'])
  for (const one of ['a', 'b'])
    expect(resolveBundle(found.bundle, on(one))).toEqual(resolveBundle(bundleWith([one], compose)))
  expect(togetherBeyond(found, bundleWith(['a', 'b'], compose))).toEqual(['deployment/db'])
  expect(oneAtATime(found.bundle).switches.at(-1)?.group).toEqual({
    allOf: [{ not: { properties: { a: { const: true }, b: { const: true } } } }],
  })
})

test('a profile that takes an object away is no switch', () => {
  // with the password known, the file is one of a Secret
  const compose = `
services:
  web: { image: web, volumes: ["./f.conf:/f.conf:ro"] }
  admin: { image: admin, profiles: [debug], environment: { DB_PASSWORD: "{{ y }}" } }
`
  expect(switchable(['debug'], compose)).toMatchObject({
    offered: [],
    beyond: [{ profile: 'debug', roles: ['configmap/web-files'] }],
    bundle: { switches: [{ path: ['services', 'web', 'scale', 'enabled'] }, { follows: {} }] },
  })
})

test('an autoscaler leaves the number of pods alone in each form of a workload; one that a profile forbids is no value', () => {
  const compose = (of: string) => `
services:
  web: { image: web, cpus: 1 }
  joined: { image: ${of}, profiles: [joined], network_mode: "service:web" }
`
  const scale = { services: { web: { scale: { enabled: true } } } }
  const { bundle } = switchable(['joined'], compose('joined'))
  for (const values of [scale, { ...scale, ...on('joined') }]) {
    const objects = resolveBundle(bundle, values)
    expect(objects.has('horizontalpodautoscaler/web')).toBe(true)
    expect(JSON.stringify(objects.get('deployment/web')).includes('"name":"joined"')).toBe(
      'profiles' in values,
    )
    expect(objects.get('deployment/web')?.spec).not.toHaveProperty('replicas')
  }
  const paths = (of: string) =>
    switchable(['joined'], compose(of)).bundle.switches.map(({ path }) => path.join('.'))
  expect(paths('joined')).toEqual([
    'services.web.scale.enabled',
    'services.web.several',
    'profiles.joined',
  ])
  expect(paths('redis')).toEqual(['profiles.joined'])
})
