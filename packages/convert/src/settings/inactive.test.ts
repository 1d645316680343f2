import { loadProject, memoryFiles } from '@landfall/compose'
import { expect, test } from 'vitest'
import { loadLandfallFile, loadSites } from './load.ts'

const COMPOSE = `name: fog
services:
  broker: { image: broker }
  worker: { image: worker, profiles: [ours] }
  other: { image: other, privileged: true, profiles: [theirs] }
`
const SETTINGS = `services:
  worker: { rollout: recreate }
  other: { singleton: "one queue" }
accept: [services/other/privileged]
environments:
  prod: { services: { worker: { replicas: 2 }, other: { replicas: 2 } } }
sites:
  cloud: { services: [broker, worker, other] }
  edge: { like: edge }
siteTemplates:
  edge: { services: { worker: {}, other: { rollout: rolling } } }
`

function read(profile: string, settings = SETTINGS) {
  const files = memoryFiles({ '/fog/compose.yaml': COMPOSE, '/fog/landfall.yaml': settings })
  const environment = { COMPOSE_PROFILES: profile }
  const loaded = loadProject({ files, workingDirectory: '/fog', environment })
  if (loaded.project === undefined) throw new Error('the project does not load')
  return {
    files,
    projectDirectory: '/fog',
    project: loaded.project,
    projectOrigins: loaded.origins,
    inactive: loaded.inactiveServices,
  }
}

test.each(['ours', 'theirs', ''])(
  'settings of services of other profiles are no mistake, in all layers: %s',
  (profile) => {
    const input = read(profile)
    expect(loadLandfallFile(input).diagnostics).toEqual([])
    expect(loadLandfallFile({ ...input, environment: 'prod' }).diagnostics).toEqual([])
    const { sites, diagnostics } = loadSites(input)
    expect(diagnostics).toEqual([])
    const active = { ours: ['worker'], theirs: ['other'] }[profile] ?? []
    expect(sites.map(({ services }) => services)).toEqual([['broker', ...active], active])
  },
)

test('the settings of an active service have their effect, those of an inactive one have none', () => {
  const { settings } = loadLandfallFile({ ...read('ours'), environment: 'prod' })
  expect(settings.services?.worker).toEqual({ rollout: 'recreate', replicas: 2 })
  expect(settings.services?.other).toEqual({ enabled: false })
})

test('a service of no profile at all is a mistake', () => {
  const { diagnostics } = loadLandfallFile(read('ours', 'services: { others: {} }'))
  expect(diagnostics.map(({ code }) => code)).toEqual(['convert/unknown-service'])
})
