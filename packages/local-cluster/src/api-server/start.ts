import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { buildKubernetes } from '../cache/programs.ts'
import type { Progress } from '../contract.ts'
import { connectApi } from '../control-plane/api.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { GiveUp, until } from '../host/until.ts'
import { SECRET_MODE, writeWhole } from '../host/write-whole.ts'
import { type Program, startProgram } from './program.ts'

/** On two busy processors the API server needs about ten seconds. */
const START_LIMIT_MS = 120_000

export interface ApiServerOptions {
  /** Where built programs are kept. */
  cacheDirectory: string
  /** Where the server keeps its data, keys and logs; it is not removed. */
  directory: string
  progress: Progress
}

/**
 * The API of Kubernetes without anything behind it: etcd and kube-apiserver, run by any user, at an address of this
 * machine. No controller acts and no pod runs; the caller writes the status of the objects.
 */
export interface ApiServer {
  /** `https://127.0.0.1:PORT`, the same after each start. */
  server: string
  /** The certificate that the server is trusted by, as PEM. */
  authority: string
  /** Bearer token of a member of `system:masters`. */
  token: string
  /** Kills the API server, as a crash would; its data stays. */
  stopServing(): Promise<void>
  /** Starts it again, and resolves when it is ready. */
  serveAgain(): Promise<void>
  /** Ends everything; the directory stays. */
  close(): Promise<void>
}

/**
 * Starts an API server, and builds Kubernetes first if it is not in the cache. Throws an Error with the end of the log of
 * what does not start.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { cacheDirectory, directory, progress } = options
  keepPrivate(cacheDirectory, directory)
  const { components } = await buildKubernetes(cacheDirectory, progress)
  const [clients, peers, port] = await freePorts(3)
  const token = randomBytes(16).toString('hex')
  const at = (file: string) => join(directory, file)
  writeKeys(at('service-accounts.key'), at('service-accounts.pub'))
  writeWhole(at('tokens.csv'), `${token},admin,admin,system:masters\n`, SECRET_MODE)

  const store = `http://127.0.0.1:${clients}`
  const etcd = startProgram(
    storeCommand(components.etcd, at('etcd'), store, `http://127.0.0.1:${peers}`),
    at('etcd.log'),
  )
  const server = `https://127.0.0.1:${port}`
  let apiServer: Program | undefined
  const serve = async (): Promise<void> => {
    const started = startProgram(
      apiServerCommand(components['kube-apiserver'], directory, store, Number(port)),
      at('kube-apiserver.log'),
    )
    apiServer = started
    await until('the API server is not ready', START_LIMIT_MS, async () => {
      const log = etcd.ended() ?? started.ended()
      if (log !== undefined) throw new GiveUp(`it has exited; last lines of ${log}`)
      const api = await connectApi(server, { authority: readFileSync(at('apiserver.crt')), token })
      try {
        await api.ready()
      } finally {
        await api.close()
      }
    })
  }
  const close = async (): Promise<void> => {
    await apiServer?.kill()
    await etcd.kill()
  }
  try {
    await serve()
  } catch (error) {
    await close()
    throw error
  }
  return {
    server,
    authority: readFileSync(at('apiserver.crt'), 'utf8'),
    token,
    stopServing: async () => apiServer?.kill(),
    serveAgain: serve,
    close,
  }
}

function storeCommand(
  program: readonly string[],
  data: string,
  clients: string,
  peers: string,
): string[] {
  return [
    ...program,
    `--data-dir=${data}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--log-level=warn',
  ]
}

function apiServerCommand(
  program: readonly string[],
  directory: string,
  store: string,
  port: number,
): string[] {
  const at = (file: string) => join(directory, file)
  return [
    ...program,
    `--etcd-servers=${store}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // Makes apiserver.crt and apiserver.key there.
    `--cert-dir=${directory}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    `--token-auth-file=${at('tokens.csv')}`,
    `--service-account-key-file=${at('service-accounts.pub')}`,
    `--service-account-signing-key-file=${at('service-accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--authorization-mode=RBAC',
    // No controller makes the ServiceAccount without which a pod is refused.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    '--allow-privileged',
    '--profiling=false',
  ]
}

function writeKeys(keyFile: string, publicFile: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  writeWhole(keyFile, privateKey, SECRET_MODE)
  writeWhole(publicFile, publicKey)
}

/** Ports of 127.0.0.1 that are free at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.on('error', reject)
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
