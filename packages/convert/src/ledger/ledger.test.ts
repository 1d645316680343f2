import { loadProject, memoryFiles, type Service } from '@landfall/compose'
import { displayPath } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { convert, everything } from '../test-conversion.ts'

test('every key of every service is in the ledger, each with a reason and a place', () => {
  const { ledger } = convert(everything)
  const paths = new Set(ledger.map(({ path }) => path))
  const isCovered = (path: string): boolean =>
    paths.has(path) || [...paths].some((other) => other.startsWith(`${path}/`))
  const { project } = loadProject({
    files: memoryFiles({ '/shop/compose.yaml': everything }),
    workingDirectory: '/shop',
    environment: {},
  })
  for (const [service, keys] of Object.entries(project?.services as Record<string, Service>))
    for (const [key, value] of Object.entries(keys))
      if (value !== null) expect.soft(isCovered(`/services/${service}/${key}`), key).toBe(true)
  expect(paths.size).toBe(ledger.length)
  for (const entry of ledger) expect(entry.reason).not.toBe('')
  const written = ledger.filter(({ path }) => path.startsWith('/services/web/'))
  for (const entry of written) expect.soft(entry.at?.file, entry.path).toBe('compose.yaml')
})

test('what a program would miss is a dangerous drop, until it is accepted by name', () => {
  const dangerous = ({ ledger }: ReturnType<typeof convert>): string[] =>
    ledger
      .filter((entry) => entry.dangerous === true && entry.accepted !== true)
      .map(({ path }) => displayPath(path))
  const keys = ['cgroup', 'devices[0]', 'ipc', 'pid', 'sysctls["net.core.somaxconn"]', 'volumes[1]']
  const all = keys.map((key) => `services.web.${key}`)
  expect(dangerous(convert(everything))).toEqual(expect.arrayContaining(all))
  const accept = ['services/web/cgroup', 'services/web/volumes/1']
  const accepted = dangerous(convert(everything, { settings: { accept } }))
  expect(accepted).not.toContain('services.web.cgroup')
  expect(accepted).not.toContain('services.web.volumes[1]')
  expect(accepted).toContain('services.web.devices[0]')
})

test('an acceptance of nothing is told: a misspelt path is an error, a needless one a warning', () => {
  const accept = ['services/web/device/0', 'services/web/privileged', 'services/web/pid']
  const compose =
    'services: { web: { image: x, privileged: true, pid: host, devices: ["vendor.com/class=x"] } }'
  const { diagnostics, bundle } = convert(compose, { settings: { accept } })
  expect(bundle).toBeUndefined()
  expect(diagnostics).toMatchObject([
    {
      code: 'convert/unknown-acceptance',
      severity: 'error',
      path: '/accept/0',
      hint: 'did you mean "services/web/devices/0"?',
    },
    { code: 'convert/nothing-to-accept', severity: 'warning', path: '/accept/1' },
    { code: 'convert/power-over-node' },
  ])
})

test('what cannot be had is an error until it is accepted, and is then left out', () => {
  const compose = `
services:
  db: { provider: { type: cloud } }
  web: { image: x, depends_on: [db], models: [llm] }
models: { llm: { model: ai/small } }
`
  const refused = ['models/llm', 'services/db/provider', 'services/web/models']
  const { diagnostics, bundle } = convert(compose)
  expect(bundle).toBeUndefined()
  expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual(
    refused.map((path) => `convert/refused /${path}`),
  )
  const accepted = convert(compose, { settings: { accept: refused } })
  expect(accepted.diagnostics).toEqual([])
  expect([...(accepted.bundle?.objects.keys() ?? [])]).toEqual(['deployment/web', 'service/web'])
  expect(accepted.ledger.find(({ path }) => path === '/services/web/depends_on/db')).toMatchObject({
    outcome: 'dropped',
    code: 'gates/provider',
  })
})
