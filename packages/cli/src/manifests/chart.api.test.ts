import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository, sharedApi } from '@landfall/testkit'
import { helmProgram } from '@landfall/testkit/helm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program
const api = sharedApi()

const scratch = mkdtempSync(join(tmpdir(), 'landfall-chart-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const chart = join(scratch, 'chart')
const secrets = join(scratch, 'secrets.yaml')

beforeAll(async () => {
  const { server, authority = '', token } = inject('api')
  writeFileSync(
    join(scratch, 'kubeconfig'),
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
      clusters: [
        {
          name: 'test',
          cluster: {
            server,
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
          },
        },
      ],
      users: [{ name: 'test', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    }),
  )
  writeFileSync(
    secrets,
    'secrets: { AMQP_URL: amqp://shop:a@shop-mq:5672, POSTGRES_PASSWORD: b, RABBITMQ_DEFAULT_PASS: a }\n',
  )
  const { terminal } = quietTerminal(join(repository, 'examples/shop'))
  await run(['convert', '--offline', '--format', 'helm', '-o', chart], terminal)
})

/** What Helm says in a namespace. */
function call(namespace: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, [...args, '--namespace', namespace], {
    encoding: 'utf8',
    env: { ...process.env, HOME: scratch, KUBECONFIG: join(scratch, 'kubeconfig') },
  })
  return { status, stdout, stderr }
}

const install = (namespace: string, release: string, ...args: string[]) =>
  call(namespace, 'install', release, chart, '--create-namespace', '--values', secrets, ...args)

async function namesOf(namespace: string, collection: string): Promise<string[]> {
  const { items } = await api.send('GET', `${collection.replace('NAMESPACE', namespace)}`)
  return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
}

const JOBS = '/apis/batch/v1/namespaces/NAMESPACE/jobs'
const CLAIMS = '/api/v1/namespaces/NAMESPACE/persistentvolumeclaims'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/NAMESPACE/deployments'

describe.skipIf(program === '' || !api.bare)(
  `the real helm and a real API server${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test('a release is installed, changed, taken back and uninstalled, and a second one in its namespace is refused', async () => {
      const [one, two] = ['chart-one', 'chart-two']
      const without = call(one, 'install', 'shop', chart, '--create-namespace')
      expect(without.stderr).toContain('secrets.AMQP_URL is not set')
      expect(install(one, 'shop')).toMatchObject({ status: 0, stderr: '' })
      expect(await namesOf(one, DEPLOYMENTS)).toContain('front')
      const [first = ''] = await namesOf(one, JOBS)

      const second = install(one, 'other')
      expect(second.status).not.toBe(0)
      expect(second.stderr).toContain(
        'the namespace chart-one holds shop already, as release "shop": its services reach each other by plain names, so a namespace holds one release',
      )
      expect(install(two, 'other')).toMatchObject({ status: 0 })

      const set = ['--set', 'services.migrate.image.tag=v2', '--set', 'services.front.replicas=2']
      expect(call(one, 'upgrade', 'shop', chart, '--values', secrets, ...set)).toMatchObject({
        status: 0,
      })
      const [changed = ''] = await namesOf(one, JOBS)
      expect(changed).toMatch(/^migrate-/)
      expect(changed).not.toBe(first)
      expect(await namesOf(two, JOBS)).toEqual([first])

      expect(call(one, 'rollback', 'shop', '1')).toMatchObject({ status: 0 })
      expect(await namesOf(one, JOBS)).toEqual([first])

      expect(call(one, 'uninstall', 'shop')).toMatchObject({ status: 0 })
      expect(await namesOf(one, DEPLOYMENTS)).toEqual([])
      expect(await namesOf(one, CLAIMS)).toEqual(['db-data', 'queue-data'])
      expect(install(one, 'shop')).toMatchObject({ status: 0 })
      for (const [namespace, release] of [
        [one, 'shop'],
        [two, 'other'],
      ] as const)
        call(namespace, 'uninstall', release)
    })
  },
)
