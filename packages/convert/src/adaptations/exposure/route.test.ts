import { expect, test } from 'vitest'
import type { Exposure } from '../../settings/landfall-file.ts'
import { convert } from '../../test-conversion.ts'

const offered = (expose: Exposure) =>
  convert('services: { web: { image: x, ports: ["8080:80"] } }', {
    settings: { services: { web: { expose } } },
  })

test('a route belongs to the Gateway that is named', () => {
  const { bundle } = offered({
    type: 'Gateway',
    gateway: 'public',
    host: 'a.example.com',
    path: '/x',
  })
  expect(bundle?.objects.get('httproute/web')?.spec).toEqual({
    parentRefs: [{ name: 'public' }],
    hostnames: ['a.example.com'],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/x' } }],
        backendRefs: [{ name: 'web', port: 80 }],
      },
    ],
  })
  expect(bundle?.objects.has('service/web-published')).toBe(false)
})

test('a Gateway without a name is an error', () => {
  const { diagnostics, bundle } = offered({ type: 'Gateway', host: 'a.example.com' })
  expect(diagnostics).toMatchObject([
    { code: 'convert/no-gateway', severity: 'error', path: '/services/web/expose' },
  ])
  expect(bundle).toBeUndefined()
})

test('of more ports than a Service can have, only the one behind the route is exposed', () => {
  const single = Array.from({ length: 250 }, (_, index) => `"${20_000 + 2 * index}"`)
  const { bundle, plan, ledger } = convert(
    `services: { web: { image: x, ports: [${single.join(', ')}, "8080-8081:8080-8081"] } }`,
    { settings: { services: { web: { expose: { host: 'a.example.com', port: 8080 } } } } },
  )
  expect(plan.services[0]).toMatchObject({ ports: [{ port: 8080 }], published: [] })
  expect(bundle?.objects.has('ingress/web')).toBe(true)
  expect(bundle?.objects.has('service/web-published')).toBe(false)
  expect(ledger.filter(({ path }) => path.startsWith('/services/web/ports'))).toMatchObject([
    { code: 'container-ports/too-many-ports', dangerous: true },
  ])
})
