import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { run } from '@landfall/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Certificates are made with openssl; a machine without it cannot play an API server. */
const noOpenssl = spawnSync('openssl', ['version']).status !== 0

describe.skipIf(noOpenssl)('the bundled command line reaches an API server over TLS', () => {
  let scratch: string
  let server: Server
  const seen: { authorization: string | undefined; client: string | undefined }[] = []

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'landfall-connect-'))
    for (const name of ['server', 'client'])
      spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-days', '1', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
        ...['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)],
      ])
    await run(process.execPath, ['scripts/build.mjs', file('bundle')])
    const certificate = { key: read('server.key'), cert: read('server.crt') }
    const options = { ...certificate, ca: read('client.crt'), requestCert: true }
    server = createServer({ ...options, rejectUnauthorized: false }, (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate()
      const client = (request.socket as TLSSocket).authorized ? peer.subject.CN : undefined
      seen.push({ authorization: request.headers.authorization, client: client?.toString() })
      const status = { kind: 'Status', code: 404, reason: 'NotFound', message: 'not found' }
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(status))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    seen.length = 0
  })
  afterAll(() => {
    server.close()
    rmSync(scratch, { recursive: true })
  })

  const file = (name: string): string => join(scratch, name)
  const read = (name: string): string => readFileSync(file(name), 'utf8')
  const base64 = (name: string): string => readFileSync(file(name)).toString('base64')

  /** Asks for a release with one user of a kubeconfig; there is none, which is an answer. */
  function statusAs(user: object, authority = 'server.crt'): ReturnType<typeof run> {
    const { port } = server.address() as AddressInfo
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      'certificate-authority-data': base64(authority),
    }
    const kubeconfig = {
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'me' } }],
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'me', user }],
    }
    writeFileSync(file('kubeconfig'), JSON.stringify(kubeconfig))
    const env = { KUBECONFIG: file('kubeconfig') }
    return run(process.execPath, [file('bundle/main.js'), 'status', '-p', 'demo'], { env })
  }

  test('with a token', async () => {
    const { stdout } = await statusAs({ token: 'secret' })
    expect(stdout).toMatch(/No release demo/)
    expect(seen[0]?.authorization).toBe('Bearer secret')
  })

  test('with a client certificate', async () => {
    await statusAs({
      'client-certificate-data': base64('client.crt'),
      'client-key-data': base64('client.key'),
    })
    expect(seen[0]?.client).toBe('client')
  })

  test('with what a credential plugin prints', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    }
    writeFileSync(file('plugin.mjs'), `console.log(${JSON.stringify(JSON.stringify(credential))})`)
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [file('plugin.mjs')],
      interactiveMode: 'Never',
    }
    await statusAs({ exec })
    expect(seen[0]?.authorization).toBe('Bearer from-plugin')
  })

  test('a server that another authority vouches for is refused, in one line', async () => {
    const { code, stderr } = await statusAs({ token: 'secret' }, 'client.crt')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^landfall: cannot reach https:\/\/127\.0\.0\.1:\d+: .*certificate.*\n$/)
    expect(seen).toEqual([])
  })
})
