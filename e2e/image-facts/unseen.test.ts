import { fileURLToPath } from 'node:url'
import { defaultOptions, provideImages } from '@landfall/local-cluster'
import { keepOnFailure, landfall, sharedCluster, testNamespace } from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// On a cluster of a kubeconfig, without a registry that answers: what is known by other means, and what is reported.

const cluster = sharedCluster()
const namespace = testNamespace('e2e-image-facts-unseen')
const project = fileURLToPath(new URL('unseen', import.meta.url))
let printed = ''

beforeAll(async () => {
  await provideImages(
    cluster,
    { ...defaultOptions(process.env), name: cluster.name },
    ['busybox:1.35.0', 'postgres:15'],
    () => {},
  )
  const target = ['--context', `landfall-${cluster.name}`, '-n', namespace.name]
  const { code, stdout, stderr } = await landfall(['up', project, '--offline', ...target], {
    env: { KUBECONFIG: cluster.kubeconfig },
  })
  expect(code, stderr + stdout).toBe(0)
  printed = stderr
})

async function within(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

test('a user by name is the one of the table, and the plan names the table', async () => {
  expect(await within('db', 'id -u')).toBe('999')
  const { stdout } = await landfall(['plan', project, '--offline'])
  expect(stdout).toContain('postgres:15, not read: users and volumes from the table')
})

test('a service whose check of health is unknown is waited for until it runs, with a warning', async () => {
  expect(printed).toContain('[convert/unknown-healthcheck]')
  expect(await within('client', 'id -u')).toBe('0')
  const { code, stdout } = await landfall(['check', project])
  expect(code).toBe(0)
  expect(stdout).toContain('warning: image metadata is unknown')
})
