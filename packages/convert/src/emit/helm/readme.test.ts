import type { Bundle, Parameter } from '@landfall/kube'
import { expect, test } from 'vitest'
import { readme } from './readme.ts'

const parameter = (path: string, value: unknown, description: string): Parameter => ({
  ...{ path: path.split('.'), default: value, description, at: [], schema: {} },
  origin: `/services/${path.split('.')[1]}`,
})

const bundle = {
  name: 'shop',
  ...{ builds: [], switches: [] },
  parameters: [
    parameter('services.api.image', { repository: 'a' }, 'the image of the program'),
    parameter('services.web.image', { repository: 'a' }, 'the image of the program'),
    parameter('services.api.nodeSelector', {}, 'labels of the nodes'),
    parameter('services.web.nodeSelector', {}, 'labels of the nodes'),
    parameter('services.db.nodeSelector', { disk: 'ssd' }, 'labels of the nodes'),
    parameter('services.api.environment.A', 'x', 'an environment variable'),
    parameter('services.web.environment.A', 'x', 'an environment variable'),
  ],
} as unknown as Bundle

test('what several services have alike is one row; their images, variables and other defaults have their own', () => {
  const text = readme('shop', bundle, { withSecrets: false, locate: (origin) => `at ${origin}` })
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.map((row) => row.split('`')[1])).toEqual([
    'services.NAME.nodeSelector',
    'services.api.image',
    'services.api.environment.A',
    'services.db.nodeSelector',
    'services.web.image',
    'services.web.environment.A',
  ])
  expect(rows[0]).toBe('| `services.NAME.nodeSelector` | `` {} `` | labels of the nodes |')
  expect(rows[3]).toContain('labels of the nodes (at /services/db)')
})
