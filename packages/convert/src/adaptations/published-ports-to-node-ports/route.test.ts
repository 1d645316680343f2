import { loadProject, memoryFiles } from '@landfall/compose'
import { expect, test } from 'vitest'
import { convertProject } from '../../convert.ts'
import type { Exposure } from '../../landfall-file.ts'

function convert(expose: Exposure) {
  const compose = 'services: { web: { image: x, ports: ["8080:80"] } }'
  const files = memoryFiles({ '/shop/compose.yaml': compose })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment: {} })
  return convertProject({
    project: loaded.project as NonNullable<typeof loaded.project>,
    origins: loaded.origins,
    projectDirectory: '/shop',
    files,
    settings: { services: { web: { expose } } },
    settingsOrigins: new Map(),
  })
}

test('a route belongs to the Gateway that is named', () => {
  const { bundle } = convert({
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
  const { diagnostics, bundle } = convert({ type: 'Gateway', host: 'a.example.com' })
  expect(diagnostics).toMatchObject([
    { code: 'convert/no-gateway', severity: 'error', path: '/services/web/expose' },
  ])
  expect(bundle).toBeUndefined()
})
