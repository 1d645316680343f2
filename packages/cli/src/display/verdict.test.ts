import { expect, test } from 'vitest'
import { renderVerdict } from './verdict.ts'

const plain = (_role: string, text: string) => text
const text = 'services:\n  web:\n    image: nope:1\n    command: run\n'
const span = (part: string) => ({
  file: 'compose.yaml',
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
})
const project = {
  sources: new Map([['compose.yaml', text]]),
  origins: new Map(
    Object.entries({
      '/services/web': 'web:',
      '/services/web/image': 'nope:1',
      '/services/web/command': 'run',
    }).map(([pointer, part]) => [pointer, [{ kind: 'file', span: span(part) } as const]]),
  ),
}

test('ready: the time, the addresses, who did not answer, and which images are others', () => {
  const printed = renderVerdict(
    {
      state: 'ready',
      ms: 34_200,
      watchedMs: 25_000,
      addresses: [
        {
          ...{ service: 'front', port: '8080', publishedBy: 'front', target: '80' },
          url: 'http://10.0.0.2:30080',
          answered: true,
        },
        {
          ...{ service: 'mq', port: '53', publishedBy: 'mq', target: '53' },
          url: 'udp://10.0.0.2:30081',
          answered: false,
          error: 'not tested: UDP has no connections',
        },
      ],
    },
    [
      { image: 'redis:7.0', from: 'package', detail: "made from Debian's redis 7.0.15" },
      { image: 'shop-api', from: 'build', detail: 'built from ./api' },
    ],
    project,
    plain,
  )
  expect(printed).toBe(`Ready after 34 s. Everything stayed up for 25 s more.

  front  8080  http://10.0.0.2:30080
  mq     53    udp://10.0.0.2:30081   not tested: UDP has no connections

Replaced images:
  redis:7.0  made from Debian's redis 7.0.15
`)
})

test('ready, and what that does not include: connections that could not be tested or that do not answer', () => {
  const printed = renderVerdict(
    {
      state: 'ready',
      ms: 2_000,
      untested: 'the test pod does not start',
      unreachable: [{ address: 'mysql:3306', by: 'app' }],
      withoutMetrics: ['web'],
      addresses: [],
    },
    [],
    project,
    plain,
  )
  expect(printed).toBe(`Ready after 2.0 s. No service publishes a port.
Not tested: whether services answer each other inside the cluster: the test pod does not start
Not reachable: mysql:3306, outside of the project, does not accept connections from inside the cluster; app connects to it
Not scaled: the number of pods of web does not change, because the cluster serves no metrics (metrics.k8s.io)
`)
})

test('failed: the line of the Compose file that the reason is about, the pod, its log and what to try', () => {
  const printed = renderVerdict(
    {
      state: 'failed',
      ms: 9_100,
      addresses: [],
      failure: {
        object: 'deployment/web',
        pod: 'web-6d9f-x2',
        container: 'web',
        code: 'deploy/image-not-found',
        reason: 'ErrImagePull',
        message: 'nope:1: not found',
        about: 'image',
        source: 'compose.yaml#/services/web',
        hint: 'check the image name',
      },
    },
    [],
    project,
    plain,
  )
  expect(printed).toBe(`Failed after 9.1 s.

compose.yaml:3:12: error: web: ErrImagePull, pod web-6d9f-x2, container web [deploy/image-not-found]
  3 |     image: nope:1
                 ^^^^^^
  nope:1: not found
  hint: check the image name
`)
})

test('failed: the log of a program that exited, at its command', () => {
  const printed = renderVerdict(
    {
      state: 'failed',
      ms: 100,
      addresses: [],
      failure: {
        object: 'job/migrate-4a5bf3f8de',
        pod: 'migrate-1',
        code: 'deploy/job-failed',
        reason: 'exited with code 3',
        message: '',
        about: 'command',
        exitCode: 3,
        log: ['no table', 'bye'],
        source: 'compose.yaml#/services/web',
        also: [
          { object: 'deployment/db', code: 'deploy/crash-loop', reason: 'exited with code 1' },
        ],
      },
    },
    [],
    project,
    plain,
  )
  expect(printed.split('\n').slice(2, 9)).toEqual([
    'compose.yaml:4:14: error: migrate (job): exited with code 3, pod migrate-1 [deploy/job-failed]',
    '  4 |     command: run',
    '                   ^^^',
    '  last lines of its log:',
    '  | no table',
    '  | bye',
    '  other failures: db (exited with code 1)',
  ])
})

test('failed: what landfall.yaml decides is shown there', () => {
  const settings = 'volumes:\n  media: { class: nope }\n'
  const at = { file: 'landfall.yaml', start: settings.indexOf('nope'), end: settings.indexOf(' }') }
  const printed = renderVerdict(
    {
      state: 'failed',
      ms: 6_000,
      addresses: [],
      failure: {
        object: 'deployment/web',
        code: 'deploy/provisioning-failed',
        reason: 'ProvisioningFailed',
        message: 'claim media: storageclass "nope" not found',
        about: 'claim',
        source: 'compose.yaml#/volumes/media',
      },
    },
    [],
    {
      origins: new Map(),
      settingsOrigins: new Map([['/volumes/media/class', [{ kind: 'file', span: at }]]]),
      sources: new Map([['landfall.yaml', settings]]),
    },
    plain,
  )
  expect(printed).toContain('landfall.yaml:2:19: error: web: ProvisioningFailed')
})
