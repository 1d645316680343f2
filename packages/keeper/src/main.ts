// The program of the keeper of a release: it runs in a pod, and reads its settings from the directory that is its argument.
import { readFileSync } from 'node:fs'
import { type Fetch, type KeeperSettings, kubeClient } from '@landfall/kube'
import { keep } from './keep.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Kubelets write a new token long before the old one ends. */
const TOKEN_MS = 60_000

const [, , directory = ''] = process.argv
const settings = readSettings()
const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = process.env
const namespace = readFileSync(`${ACCOUNT}/namespace`, 'utf8').trim()
const log = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`)
}

/** The names of Jobs change with their content, and are in files of their own. */
function readSettings(): KeeperSettings {
  const { release, services } = JSON.parse(
    readFileSync(`${directory}/keeper.json`, 'utf8'),
  ) as KeeperSettings
  const named = services.map((kept) =>
    kept.kind === 'Job'
      ? { ...kept, workload: readFileSync(`${directory}/job-${kept.workload}`, 'utf8').trim() }
      : kept,
  )
  return { release, services: named }
}

let token = { text: '', readAt: Number.NEGATIVE_INFINITY }
/** NODE_EXTRA_CA_CERTS names the authority of the cluster. */
const authorized: Fetch = async (url, init) => {
  if (Date.now() - token.readAt > TOKEN_MS)
    token = { text: readFileSync(`${ACCOUNT}/token`, 'utf8').trim(), readAt: Date.now() }
  const headers = { ...init.headers, authorization: `Bearer ${token.text}` }
  return (await fetch(url, { ...init, headers })) as Awaited<ReturnType<Fetch>>
}

const stopped = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => stopped.abort(new Error(signal)))

const client = kubeClient({
  fetch: authorized,
  server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
  namespace,
})
log(`keeps ${settings.services.map(({ service }) => service).join(', ')}`)
keep({ client, namespace, settings, signal: stopped.signal, now: () => Date.now(), log }).then(
  () => process.exit(0),
  (error: Error) => {
    log(error.message)
    process.exit(1)
  },
)
