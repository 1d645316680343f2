import { readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { clusterStatus, defaultOptions } from '@landfall/local-cluster'
import { run, sharedCluster } from '@landfall/testkit'
import { expect, test } from 'vitest'

// Each program of a local cluster has the rights that it needs, and no others: decision 0016.

const cluster = sharedCluster()
const options = { ...defaultOptions(process.env), name: cluster.name }
const { directory } = await clusterStatus(options)
const inPki = (file: string) => readFileSync(join(directory, 'pki', file))
const slot = cluster.registry.split('.')[2]

/** What etcd answers to the holder of a certificate. */
function etcdAs(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(
      {
        ...{ host: `127.213.${slot}.1`, port: 22379, path: '/v3/kv/range', method: 'POST' },
        ...{ ca: inPki('etcd-ca.crt'), cert: inPki(`${name}.crt`), key: inPki(`${name}.key`) },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => resolve(text))
        answer.on('error', reject)
      },
    )
      .on('error', reject)
      .end(JSON.stringify({ key: Buffer.from('/registry/namespaces/default').toString('base64') }))
  })
}

test('etcd answers the API server, and no other certificate of the cluster', async () => {
  expect(await etcdAs('etcd-client')).toContain('"count":"1"')
  for (const name of ['coredns', 'proxy', 'node-1', 'admin', 'kubelet-client'])
    await expect(etcdAs(name), name).rejects.toThrow()
})

test.each([
  ['coredns', 'list', 'services', 'yes'],
  ['coredns', 'get', 'secrets', 'no'],
  ['coredns', 'create', 'pods', 'no'],
  ['volumes', 'create', 'persistentvolumes', 'yes'],
  ['volumes', 'get', 'secrets', 'no'],
  ['proxy', 'get', 'secrets', 'no'],
])('whether %s may %s %s: %s', async (user, verb, resource, answer) => {
  const kubeconfig = join(directory, 'run', `${user}.kubeconfig`)
  const { stdout } = await run(cluster.kubectl, [
    ...['--kubeconfig', kubeconfig, 'auth', 'can-i', verb, resource, '--all-namespaces'],
  ])
  expect(stdout.trim()).toBe(answer)
})

test('programs on the host have no capabilities but those that they need', () => {
  const records = join(directory, 'run/processes')
  const rights = readdirSync(records)
    .filter((file) => !file.startsWith('node-'))
    .map((file) => {
      const { pid } = JSON.parse(readFileSync(join(records, file), 'utf8'))
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const bounding = /^CapBnd:\s+(\w+)$/m.exec(status)?.[1]
      return [file.replace('.json', ''), Number.parseInt(bounding ?? '', 16)] as const
    })
  const some = Object.fromEntries(rights.filter(([, capabilities]) => capabilities !== 0))
  // Port 53 (bit 10); owners and modes of directories (bits 0 to 3).
  expect(some).toEqual({ coredns: 1 << 10, volumes: 0b1111 })
})

test('state, caches and keys are closed to other users', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777
  for (const path of [options.stateDirectory, options.cacheDirectory, directory])
    expect(modeOf(path), path).toBe(0o700)
  const keys = readdirSync(join(directory, 'pki')).filter((file) => file.endsWith('.key'))
  for (const key of keys) expect(modeOf(join(directory, 'pki', key)), key).toBe(0o600)
  for (const file of ['kubeconfig', 'registry-login.json', 'run/docker-login.json', 'run/htpasswd'])
    expect(modeOf(join(directory, file)), file).toBe(0o600)
})
