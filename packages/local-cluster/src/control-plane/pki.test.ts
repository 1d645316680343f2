import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addressPlan, nodePlan } from '../network/address-plan.ts'
import { keepFiles } from './certificates.ts'
import { keepCertificates } from './pki.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-pki-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(directory, { recursive: true })
})

const plan = addressPlan(3)
const nodes = [nodePlan(plan, 1), nodePlan(plan, 2)]
const file = (name: string) => join(directory, name)
const text = (name: string) => readFileSync(file(name), 'utf8')
const certificate = (name: string) => new X509Certificate(text(`${name}.crt`))
const texts = () =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, text(name)] as const))
const admin = { name: 'admin', commonName: 'admin', organization: 'system:masters' }
const server = { name: 'server', commonName: 'server', dnsNames: ['a.b'], addresses: ['10.0.0.1'] }
const keep = (...wishes: Parameters<typeof keepFiles>[1]) => keepFiles(directory, wishes, [])

test('the certificates of a cluster: users and their groups, names and addresses of servers, two authorities', async () => {
  await keepCertificates(directory, plan, nodes)
  const about = readdirSync(directory)
    .filter((name) => name.endsWith('.crt'))
    .sort()
    .map((name) => {
      const { subject, issuer, subjectAltName = '' } = new X509Certificate(text(name))
      return [name, subject.replace('\n', ' '), `by ${issuer}`, subjectAltName].join(' | ').trim()
    })
  expect(`\n${about.join('\n')}`).toBe(`
admin.crt | O=system:masters CN=admin | by CN=landfall-cluster |
apiserver.crt | CN=kube-apiserver | by CN=landfall-cluster | DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.213.3.1, IP Address:10.96.0.1
ca.crt | CN=landfall-cluster | by CN=landfall-cluster |
controller-manager.crt | CN=system:kube-controller-manager | by CN=landfall-cluster |
coredns.crt | CN=coredns | by CN=landfall-cluster |
etcd-ca.crt | CN=landfall-cluster-etcd-ca | by CN=landfall-cluster-etcd-ca |
etcd-client.crt | CN=kube-apiserver | by CN=landfall-cluster-etcd-ca |
etcd.crt | CN=etcd | by CN=landfall-cluster-etcd-ca | IP Address:127.213.3.1
front-proxy.crt | CN=front-proxy | by CN=landfall-cluster |
kubelet-client.crt | CN=kube-apiserver-kubelet-client | by CN=landfall-cluster |
metrics-server.crt | CN=metrics-server | by CN=landfall-cluster | DNS:metrics-server.kube-system.svc
node-1.crt | O=system:nodes CN=system:node:node-1 | by CN=landfall-cluster | DNS:node-1, IP Address:10.213.3.11
node-2.crt | O=system:nodes CN=system:node:node-2 | by CN=landfall-cluster | DNS:node-2, IP Address:10.213.3.12
proxy.crt | CN=system:kube-proxy | by CN=landfall-cluster |
scheduler.crt | CN=system:kube-scheduler | by CN=landfall-cluster |
volumes.crt | CN=volumes | by CN=landfall-cluster |`)
})

test('each is signed by its authority, has its key, serves clients and servers, and is valid from an hour ago for ten years', async () => {
  const before = Date.now()
  await keep(admin, server)
  const [ca, made] = [certificate('ca'), certificate('server')]
  expect(ca.ca).toBe(true)
  expect(made.ca).toBe(false)
  expect(made.checkIssued(ca) && made.verify(ca.publicKey)).toBe(true)
  expect(certificate('admin').serialNumber).not.toBe(made.serialNumber)
  expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'])
  const hours = (date: string) => Math.round((Date.parse(date) - before) / 3_600_000)
  expect(hours(made.validFrom)).toBe(-1)
  expect(hours(made.validTo)).toBe(10 * 365 * 24)
  expect(text('server.key')).toContain('BEGIN EC PRIVATE KEY')
  expect(made.checkPrivateKey(createPrivateKey(text('server.key')))).toBe(true)
  expect(createPublicKey(text('server.pub')).asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

test.runIf(hasOpenssl)('openssl accepts them for servers and for clients', async () => {
  await keep(admin, server)
  for (const purpose of ['sslserver', 'sslclient']) {
    const args = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', file('ca.crt')]
    const { stdout, stderr, status } = spawnSync('openssl', [...args, file('server.crt')])
    expect(`${stdout}${stderr} ${status}`).toBe(`${file('server.crt')}: OK\n 0`)
  }
})

test.runIf(hasOpenssl)(
  'they carry the bytes of the name of an authority that another tool made',
  async () => {
    const openssl = (...args: string[]) =>
      expect(spawnSync('openssl', args, { cwd: directory }).status).toBe(0)
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key')
    openssl(
      ...[
        'req',
        '-x509',
        '-new',
        '-utf8',
        '-key',
        'ca.key',
        '-out',
        'ca.crt',
        '-subj',
        '/CN=other',
      ],
      ...['-config', '/dev/null', '-days', '99'],
    )
    const before = text('ca.crt')
    await keep(server)
    expect(text('ca.crt')).toBe(before)
    const { status, stderr } = spawnSync(
      'openssl',
      ['verify', '-CAfile', file('ca.crt'), file('server.crt')],
      { encoding: 'utf8' },
    )
    expect([status, stderr]).toEqual([0, ''])
    // A text of the kind UTF8String (0c): the issuer is the same bytes as the subject of the authority.
    const name = '0c056f74686572'
    expect(certificate('ca').raw.toString('hex').split(name)).toHaveLength(3)
    expect(certificate('server').raw.toString('hex')).toContain(name)
  },
)

test('what fits stays; what was made for other names, is damaged, or has lost its key is made again', async () => {
  await keep(admin, server)
  const before = texts()
  await keep(admin, server)
  expect(texts()).toEqual(before)

  const changed = async (wish = server) => {
    const old = texts()
    await keep(admin, wish)
    return Object.entries(texts())
      .filter(([name, now]) => old[name] !== now)
      .map(([name]) => name)
  }
  const all = ['server.crt', 'server.key', 'server.pub']
  expect(await changed({ ...server, addresses: ['10.0.0.2'] })).toEqual(all)
  expect(await changed({ ...server, dnsNames: ['a.b', 'c'] })).toEqual(all)
  expect(await changed({ ...server, commonName: 'other' })).toEqual(all)
  await changed()
  writeFileSync(file('server.crt'), text('server.crt').slice(0, 200))
  expect(await changed()).toEqual(all)
  writeFileSync(file('server.key'), text('admin.key'))
  expect(await changed()).toEqual(all)
  rmSync(file('server.key'))
  expect(await changed()).toEqual(all)
})

test('a certificate that ends within 30 days is made again', async () => {
  await keep(server)
  const first = text('server.crt')
  const end = Date.parse(certificate('server').validTo)
  const day = 24 * 3_600_000
  vi.useFakeTimers({ toFake: ['Date'], now: end - 31 * day })
  await keep(server)
  expect(text('server.crt')).toBe(first)
  vi.setSystemTime(end - 29 * day)
  await keep(server)
  expect(text('server.crt')).not.toBe(first)
})

test('an authority whose key is lost is not replaced', async () => {
  await keep(server)
  rmSync(file('ca.key'))
  const before = texts()
  await expect(keep(server)).rejects.toThrow('ca.key does not exist or is not the key of ca.crt')
  expect(texts()).toEqual(before)
})

test('with a new authority every certificate of it is made again', async () => {
  await keep(server)
  rmSync(file('ca.crt'))
  await keep(server)
  expect(certificate('server').verify(certificate('ca').publicKey)).toBe(true)
})

test('keys can be read by their owner alone, those with other modes as well, and the directory is closed', async () => {
  await keepFiles(directory, [server], ['accounts'])
  chmodSync(file('server.key'), 0o644)
  chmodSync(directory, 0o755)
  await keepFiles(directory, [server], ['accounts'])
  for (const name of readdirSync(directory).filter((name) => name.endsWith('.key')))
    expect(statSync(file(name)).mode & 0o777).toBe(0o600)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(createPrivateKey(text('accounts.key')).asymmetricKeyType).toBe('ec')
})
