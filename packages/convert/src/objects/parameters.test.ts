import {
  type Bundle,
  defaultValues,
  type KubeObject,
  mergeValues,
  resolveBundle,
} from '@landfall/kube'
import { expect, test } from 'vitest'
import type { LandfallFile } from '../settings/landfall-file.ts'
import { convert, everything } from '../test-conversion.ts'

const shop = `
services:
  api:
    image: registry.example.com:5000/api:1.2
    environment: { PORT: "3000", DB_PASSWORD: hop-hop, LEVEL: "$$(x)" }
    depends_on: { migrate: { condition: service_completed_successfully } }
    ports: ["8080:3000"]
    volumes: ["data:/data"]
  migrate:
    image: migrate
    environment: { DB_PASSWORD: hop-hop }
    restart: "no"
volumes: { data: {} }
`

function bundleOf(compose: string): Bundle {
  const { bundle, diagnostics } = convert(compose)
  if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return bundle
}

test.each([
  ['a shop', shop],
  ['every key', everything],
])('%s: with the defaults of its parameters, a bundle is as it was', (_, compose) => {
  const bundle = bundleOf(compose)
  expect(bundle.parameters.length).toBeGreaterThan(10)
  expect(resolveBundle(bundle, {})).toEqual(resolveBundle(bundle))
})

test('values of the shop', () => {
  const bundle = bundleOf(shop)
  expect(mergeValues(defaultValues(bundle.parameters), {})).toMatchObject({
    secrets: { DB_PASSWORD: 'hop-hop' },
    services: {
      api: {
        image: {
          repository: 'registry.example.com:5000/api',
          tag: '1.2',
          digest: '',
          pullPolicy: 'IfNotPresent',
        },
        environment: { PORT: '3000' },
        published: { type: 'NodePort' },
      },
    },
    volumes: { data: { size: '1Gi', class: '' } },
  })
  const objects = resolveBundle(bundle, {
    secrets: { DB_PASSWORD: 12 },
    services: {
      api: { image: { tag: '2' }, environment: { PORT: 80 }, existingSecret: 'mine' },
      migrate: { image: { digest: `sha256:${'0'.repeat(64)}` }, podLabels: { team: 'a' } },
    },
    volumes: { data: { class: 'fast' } },
  })
  const plain = resolveBundle(bundle)
  const container = objects.get('deployment/api')?.spec.template.spec.containers[0]
  expect(container.image).toBe('registry.example.com:5000/api:2')
  expect(container.env).toEqual([
    { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'mine', key: 'DB_PASSWORD' } } },
    { name: 'LEVEL', value: '$$(x)' },
    { name: 'PORT', value: '80' },
  ])
  expect(objects.has('secret/api-environment')).toBe(false)
  expect(objects.get('secret/migrate-environment')?.data).toEqual({ DB_PASSWORD: 'MTI=' })
  expect(objects.get('persistentvolumeclaim/data')?.spec.storageClassName).toBe('fast')
  const name = objects.get('job/migrate')?.metadata.name
  expect(name).not.toBe(plain.get('job/migrate')?.metadata.name)
  expect(objects.get('role/api-gate')?.rules[0].resourceNames).toEqual([name])
})

test('one registry for all images; the name of a Job follows from them as if the project had written it', () => {
  const images = (api: string, migrate: string, gate: string) =>
    convert(
      JSON.stringify({
        name: 'shop',
        services: {
          api: {
            image: api,
            depends_on: { migrate: { condition: 'service_completed_successfully' } },
          },
          migrate: { image: migrate, restart: 'no' },
          web: { build: '.', image: 'shop-web' },
        },
      }),
      { settings: { gate: { image: gate } } },
    ).bundle as Bundle
  const before = images('quay.io/shop/api:1', 'migrate', 'curl:8')
  const values = { global: { imageRegistry: 'registry.example.com/mirror' } }
  const after = images(
    'registry.example.com/mirror/shop/api:1',
    'registry.example.com/mirror/library/migrate',
    'registry.example.com/mirror/library/curl:8',
  )
  const changed = resolveBundle(before, values)
  expect(changed.get('job/migrate')?.metadata.name).not.toBe(
    resolveBundle(before).get('job/migrate')?.metadata.name,
  )
  const { 'deployment/web': web, ...others } = Object.fromEntries(changed)
  const { 'deployment/web': _, ...expected } = Object.fromEntries(resolveBundle(after))
  expect(others).toEqual(expected)
  expect(web?.spec.template.spec.containers[0].image).toBe('registry.example.com/mirror/shop-web')
})

test('a further variable is in the program alone, and a one-shot with another one is another Job', () => {
  const bundle = bundleOf(shop)
  const extra = { valueFrom: { secretKeyRef: { name: 'mine', key: 'token' } } }
  const objects = resolveBundle(bundle, { services: { migrate: { extraEnv: { TOKEN: extra } } } })
  const before = resolveBundle(bundle)
  const changed = [...objects].filter(
    ([role, object]) => JSON.stringify(object) !== JSON.stringify(before.get(role)),
  )
  const job = objects.get('job/migrate')
  expect(changed.map(([role]) => role)).toEqual(
    expect.arrayContaining(['job/migrate', 'role/api-gate']),
  )
  expect(job?.metadata.name).not.toBe(before.get('job/migrate')?.metadata.name)
  expect(JSON.stringify(objects.get('deployment/api'))).not.toContain('TOKEN')
  expect(job?.spec.template.spec.containers[0].env).toEqual([
    expect.objectContaining({ name: 'DB_PASSWORD' }),
    { name: 'TOKEN', ...extra },
  ])
})

test('published ports: annotations, numbers and load balancers are in the published Service alone', () => {
  const bundle = bundleOf(
    'services: { web: { image: web, ports: ["30080:80", "53:53/udp", "8443:443"] } }',
  )
  const before = resolveBundle(bundle)
  const published = {
    type: 'LoadBalancer',
    annotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
    nodePorts: { 'tcp-80': null, 'udp-53': 30_053 },
    loadBalancerClass: 'example.com/internal',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
  }
  const { 'service/web-published': service, ...others } = Object.fromEntries(
    resolveBundle(bundle, { services: { web: { published } } }),
  )
  const { 'service/web-published': was, ...othersBefore } = Object.fromEntries(before)
  expect(others).toEqual(othersBefore)
  expect(was?.spec.ports.map(({ nodePort }: { nodePort?: number }) => nodePort)).toEqual([
    30_080,
    undefined,
    undefined,
  ])
  expect(service?.metadata.annotations).toEqual({
    ...was?.metadata.annotations,
    ...published.annotations,
  })
  expect(service?.spec).toMatchObject({
    type: 'LoadBalancer',
    loadBalancerClass: 'example.com/internal',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
  })
  const ports: { name: string; nodePort?: number }[] = service?.spec.ports
  expect(ports.map(({ name, nodePort }) => [name, nodePort])).toEqual([
    ['tcp-80', undefined],
    ['udp-53', 30_053],
    ['tcp-443', undefined],
  ])
})

test.each([
  'image: web',
  'image: web, ports: ["80"], cpus: 1',
  'image: web, deploy: { placement: { max_replicas_per_node: 2 } }',
  'image: web, deploy: { placement: { constraints: [node.labels.disk == ssd] } }',
])('several pods by a value get what several pods of the project get: %s', (service) => {
  const web = (settings: LandfallFile) =>
    convert(`services: { web: { ${service} } }`, { settings }).bundle as Bundle
  const bundle = web({})
  const values = { services: { web: { replicas: 3 } } }
  const declared = resolveBundle(web(values))
  expect(resolveBundle(bundle, {})).toEqual(resolveBundle(bundle))
  expect(declared.has('poddisruptionbudget/web')).toBe(true)
  expect(resolveBundle(bundle, values)).toEqual(declared)

  const zones = { requiredDuringSchedulingIgnoredDuringExecution: [] }
  const own = { services: { web: { replicas: 3, affinity: { podAntiAffinity: zones } } } }
  const { affinity } = resolveBundle(bundle, own).get('deployment/web')?.spec.template.spec ?? {}
  expect(affinity?.podAntiAffinity).toEqual(zones)
})

test('an Ingress and an autoscaler that are turned on are those of landfall.yaml', () => {
  const web = (settings: LandfallFile) =>
    convert('services: { web: { image: web, cpus: 1, ports: ["8080:80", "5432:5432"] } }', {
      settings,
    }).bundle as Bundle
  const bundle = web({})
  expect(resolveBundle(bundle, {})).toEqual(resolveBundle(bundle))
  expect(resolveBundle(bundle).has('ingress/web')).toBe(false)
  const changed = resolveBundle(bundle, {
    services: {
      web: {
        expose: { enabled: true, host: 'shop.example.com', class: 'nginx', path: '/api' },
        scale: { enabled: true, min: 2, max: 6, cpu: 70 },
      },
    },
  })
  const declared = resolveBundle(
    web({
      services: {
        web: {
          expose: { host: 'shop.example.com', class: 'nginx', path: '/api' },
          scale: { min: 2, max: 6, cpu: '70%' },
        },
      },
    }),
  )
  const withoutAnnotations = (object: KubeObject | undefined) => ({
    ...object,
    metadata: { ...object?.metadata, annotations: { ...object?.metadata.annotations } },
  })
  for (const role of ['ingress/web', 'horizontalpodautoscaler/web', 'poddisruptionbudget/web'])
    expect(withoutAnnotations(changed.get(role)), role).toEqual(
      withoutAnnotations(declared.get(role)),
    )
  expect(changed.get('deployment/web')?.spec).not.toHaveProperty('replicas')
  expect(changed.get('deployment/web')?.spec.template).toEqual(
    declared.get('deployment/web')?.spec.template,
  )
  const others = (objects: ReadonlyMap<string, KubeObject>) =>
    [...objects].filter(
      ([role]) =>
        !/^(?:ingress|horizontalpodautoscaler|poddisruptionbudget|deployment)\//.test(role),
    )
  expect(others(changed)).toEqual(others(resolveBundle(bundle)))
})

test.each([
  [
    'a one-shot',
    'a: { image: a, restart: "no", ports: ["80"] }, c: { image: redis, depends_on: { a: { condition: service_completed_successfully } } }',
  ],
  [
    'a database',
    'a: { image: postgres, ports: ["5432:5432"], volumes: ["data:/var/lib/postgresql/data"] }',
  ],
  ['a port for the machine itself', 'a: { image: redis, ports: ["127.0.0.1:80:80"] }'],
])('%s has no Ingress and no autoscaler to turn on', (_, service) => {
  const compose = `{ services: { ${service}, b: { image: redis } }, volumes: { data: {} } }`
  expect(bundleOf(compose).switches).toEqual([])
})

test('a value that is removed is absent', () => {
  const objects = resolveBundle(
    bundleOf('services: { a: { image: a, mem_limit: 1g, environment: { A: "1" } } }'),
    { services: { a: { resources: { limits: null, requests: null } } } },
  )
  expect(objects.get('deployment/a')?.spec.template.spec.containers[0]).not.toHaveProperty(
    'resources',
  )
})

test.each([
  ['an image', { image: 'web:2' }, { services: { web: { image: { tag: '2' } } } }],
  [
    'a variable',
    { environment: { LEVEL: 'a$(B)' } },
    { services: { web: { environment: { LEVEL: 'a$$(B)' } } } },
  ],
  [
    'a further variable',
    { environment: { ZONE: 'a "b"', 'A.b': '5' } },
    { services: { web: { extraEnv: { ZONE: 'a "b"', 'A.b': 5 } } } },
  ],
  [
    'memory',
    { mem_limit: '128m' },
    { services: { web: { resources: { limits: { memory: '128Mi' } } } } },
  ],
  [
    'a pull policy',
    { pull_policy: 'always' },
    { services: { web: { image: { pullPolicy: 'Always' } } } },
  ],
  [
    'a password',
    { environment: { LEVEL: 'x', KEY_PASSWORD: 'b' } },
    { secrets: { KEY_PASSWORD: 'b' } },
  ],
])('%s: a value does the same as the key of the project', (_, change, values) => {
  const web = {
    image: 'web:1',
    scale: 1,
    mem_limit: '64m',
    environment: { LEVEL: 'x', KEY_PASSWORD: 'a' },
  }
  const environment = { ...web.environment, ...('environment' in change ? change.environment : {}) }
  const [before, after] = [web, { ...web, ...change, environment }].map((service) =>
    bundleOf(JSON.stringify({ name: 'shop', services: { web: service } })),
  ) as [Bundle, Bundle]
  expect(inOrder(resolveBundle(before, values))).toEqual(inOrder(resolveBundle(after)))
  expect(resolveBundle(before, values)).not.toEqual(resolveBundle(before))
})

/** The variables of a program in the order of their names, which says nothing. */
function inOrder(objects: ReturnType<typeof resolveBundle>) {
  const copies = structuredClone(objects)
  for (const { spec } of copies.values())
    for (const { env } of spec?.template?.spec.containers ?? [])
      env?.sort((a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1))
  return copies
}
