import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileSystem, loadProject, memoryFiles } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { convertProject, loadLandfallFile, renderPlan } from '@landfall/convert'
import { expect, test } from 'vitest'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { firstSettings } from './first-settings.ts'

const COMPOSE = `
name: shop
services:
  db: { image: postgres, volumes: ["data:/var/lib/postgresql/data", "1:/one"] }
  migrate: { image: app, restart: "no" }
  keys: { image: app, restart: "no", depends_on: [consul] }
  db_setup: { image: app }
  cloud_broker: { image: app, ports: ["9000:9000"] }
  shop:
    image: app
    labels:
      traefik.http.routers.s.rule: Host('shop.example.com') && PathPrefix('/api')
      traefik.http.services.s.loadbalancer.server.port: 3000
  mq: { image: "rabbitmq:3.8", ports: ["5672"] }
  consul: { image: "consul:1.3.1", ports: ["8500"] }
  job_master: { image: app, environment: { MQ_HOST: mq, REGISTRY: "consul://consul:8500" } }
  web:
    image: app
    ports: ["8080:80"]
    volumes: ["data:/data:ro", "/var/run/docker.sock:/var/run/docker.sock"]
    depends_on: { migrate: { condition: service_completed_successfully }, keys: { condition: service_completed_successfully } }
volumes: { data: {}, "1": {}, theirs: { external: true } }
`

const CORPUS = fileURLToPath(new URL('../../../../e2e/corpus/', import.meta.url))
const projects = readdirSync(CORPUS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** What conversion says and decides, with a landfall.yaml or without. */
function converted(
  settings?: string,
  machine = memoryFiles({ '/shop/compose.yaml': COMPOSE }),
  directory = '/shop',
) {
  const added = settings === undefined ? {} : { [join(directory, 'landfall.yaml')]: settings }
  const files = withFiles(machine, added)
  const loaded = loadProject({ files, workingDirectory: directory, environment: {} })
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
    keeperProgram: () => 'the program',
  })
  return { ...result, project, diagnostics: [...read.diagnostics, ...result.diagnostics] }
}

/** A file system in which some files have another text; one that has none is not there. */
function withFiles(machine: FileSystem, texts: Readonly<Record<string, string>>): FileSystem {
  const own = memoryFiles(texts)
  const isOwn = (path: string) => /\/landfall\.ya?ml$/.test(path)
  return {
    ...machine,
    read: (path) => (isOwn(path) ? own : machine).read(path),
    stat: (path) => (isOwn(path) ? own : machine).stat(path),
  }
}

const errorsOf = ({ diagnostics }: Pick<ReturnType<typeof converted>, 'diagnostics'>) =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)

/** The text with every key that is commented out in force, or only that of one line. */
function chosen(text: string, only?: number): string {
  return text
    .split('\n')
    .map((line, index) =>
      only === undefined || only === index ? line.replace(/^( *)#(?=\S)/, '$1') : line,
    )
    .join('\n')
}

const before = converted()
const first = firstSettings(before.plan, dangerousDrops(before.ledger), before.project)

test('it says what was found and what can be chosen', () => {
  expect(first).toMatch(/^ {2}migrate:\n(.*\n)? {4}# .*\n {4}#oneShot: \{ doneWhen:/m)
  expect(first).toMatch(
    /^ {2}keys:\n {4}# .*\n {4}#oneShot: \{ doneWhen: \{ http: "http:\/\/consul:8500\/" \}, again: whenGone \}/m,
  )
  expect(first).toMatch(/^ {2}db_setup:\n {4}# .*\n {4}#oneShot: true/m)
  expect(first).toContain('    #expose: { type: LoadBalancer }')
  expect(first).toMatch(/^ {2}data: \{ size: \S+ \} # mounted by db, web; add shared: true/m)
  expect(first).toMatch(/^ {4}#permissions: /m)
  expect(first).toContain('  #- services/web/volumes/1')
  expect(first).not.toContain('theirs')
})

test('it proposes health, waits, restarts and single copies for what it recognizes', () => {
  expect(first).toMatch(
    /^ {2}consul:\n {4}# .*\n {4}#ready: \{ http: "http:\/\/localhost:8500\/v1\/catalog\/nodes" \}/m,
  )
  expect(first).toMatch(/^ {2}mq:\n {4}# .*\n {4}#ready: \{ tcp: "localhost:5672" \}/m)
  const [, master = ''] = /^ {2}job_master:\n((?: {4}.*\n)+)/m.exec(first) ?? []
  expect(master).toContain('    #waitsFor: [{ tcp: "consul:8500" }, { tcp: "mq:5672" }]\n')
  expect(master).toContain('    #restartsWith: ["consul", "mq"]\n')
  expect(master).toContain('    #singleton: ')
  const [, web = ''] = /^ {2}web:\n((?: {4}.*\n)+)/m.exec(first) ?? []
  expect(web).toMatch(/#ready: .*\n {4}#alive: /)
})

test('as it is written it is taken, and changes nothing', () => {
  const after = converted(first)
  expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(renderPlan(after.plan)).toBe(renderPlan(before.plan))
})

test('a choice is taken when its comment sign is removed', () => {
  const after = converted(chosen(first))
  expect(errorsOf(after)).toEqual([])
  expect(dangerousDrops(after.ledger)).toEqual([])
  expect(after.plan.services.find(({ service }) => service === 'db_setup')?.kind).toBe('Job')
  expect(after.plan.services.find(({ service }) => service === 'shop')?.route).toMatchObject({
    host: 'shop.example.com',
    path: '/api',
    port: 3000,
  })
})

test.each(projects)('every choice for %s is valid', (name) => {
  const machine = nodeFiles()
  const directory = join(CORPUS, name)
  const own = converted(undefined, machine, directory)
  const text = firstSettings(own.plan, dangerousDrops(own.ledger), own.project)
  const known = new Set(errorsOf(own))
  const added = (settings: string) =>
    errorsOf(converted(settings, machine, directory)).filter((message) => !known.has(message))
  expect(added(text)).toEqual([])
  for (const [index, line] of text.split('\n').entries())
    if (/^ *#\S/.test(line)) expect([line, added(chosen(text, index))]).toEqual([line, []])
})
