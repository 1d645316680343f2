import { loadProject, memoryFiles } from '@landfall/compose'
import { convertProject, loadLandfallFile, renderPlan } from '@landfall/convert'
import { expect, test } from 'vitest'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { firstSettings } from './first-settings.ts'

const COMPOSE = `
name: shop
services:
  db: { image: postgres, volumes: ["data:/var/lib/postgresql/data", "1:/one"] }
  migrate: { image: app, restart: "no" }
  db_setup: { image: app }
  cloud_broker: { image: app, ports: ["9000:9000"] }
  shop:
    image: app
    labels:
      traefik.http.routers.s.rule: Host('shop.example.com') && PathPrefix('/api')
      traefik.http.services.s.loadbalancer.server.port: 3000
  web:
    image: app
    ports: ["8080:80"]
    volumes: ["data:/data:ro", "/var/run/docker.sock:/var/run/docker.sock"]
    depends_on: { migrate: { condition: service_completed_successfully } }
volumes: { data: {}, "1": {}, theirs: { external: true } }
`

/** What conversion says and decides, with a landfall.yaml or without. */
function converted(settings?: string) {
  const files = memoryFiles({
    '/shop/compose.yaml': COMPOSE,
    ...(settings === undefined ? {} : { '/shop/landfall.yaml': settings }),
  })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment: {} })
  const { project, origins, projectDirectory } = loaded
  if (project === undefined) throw new Error('the project does not load')
  const read = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  const result = convertProject({
    project,
    origins,
    projectDirectory,
    files,
    settings: read.settings,
    settingsOrigins: read.origins,
  })
  return { ...result, project, diagnostics: [...read.diagnostics, ...result.diagnostics] }
}

const before = converted()
const first = firstSettings(before.plan, dangerousDrops(before.ledger), before.project)

test('it says what was found and what can be chosen', () => {
  expect(first).toContain('#   migrate: { oneShot: { doneWhen:')
  expect(first).toContain('#   db_setup: { oneShot: true }')
  expect(first).toContain('#   web: { expose: { type: LoadBalancer } }')
  expect(first).toMatch(/^ {2}data: \{ size: \S+ \} # mounted by db, web; add shared: true/m)
  expect(first).toMatch(/^#.*docker/im)
  expect(first).toContain('#   - services/web/volumes/1')
  expect(first).not.toContain('theirs')
})

test('as it is written it is taken, and changes nothing', () => {
  const after = converted(first)
  expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(renderPlan(after.plan)).toBe(renderPlan(before.plan))
})

test('a choice is taken when its comment sign is removed', () => {
  const chosen = first
    .replace('# accept:', 'accept:')
    .replace('#   - services/web/volumes/1', '    - services/web/volumes/1')
    .replace('# services:', 'services:')
    .replace('#   db_setup:', '    db_setup:')
  const after = converted(chosen)
  expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(dangerousDrops(after.ledger)).toEqual([])
  expect(after.plan.services.find(({ service }) => service === 'db_setup')?.kind).toBe('Job')
})

test('each exposure that it proposes is taken', () => {
  const chosen = first
    .split('\n')
    .filter((line) => /^# services:|^# {3}\w+: \{ expose: .*host/.test(line))
    .map((line) => line.replace(/^# /, ''))
  expect(chosen).toContain('  cloud_broker: { expose: { host: cloud-broker.example.com } }')
  expect(chosen).toContain(
    '  shop: { expose: { host: "shop.example.com", path: /api, port: 3000 } }',
  )
  const after = converted(`${chosen.join('\n')}\n`)
  expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(after.plan.services.find(({ service }) => service === 'shop')?.route).toMatchObject({
    host: 'shop.example.com',
    path: '/api',
    port: 3000,
  })
})
