// A FogFlow worker in a pod: `worker [-f config.json] [-i INSTANCE]`.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { type Fetch, kubeClient, machineClock } from '@landfall/kube'
import { parseConfig, type WorkerConfig } from './config.ts'
import { connects } from './connects.ts'
import { serveHealth } from './health.ts'
import { endingOf, ownerOf, podNameIn } from './owner.ts'
import { FIELD_MANAGER } from './tasks/objects.ts'
import { startWorker } from './worker.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Kubelets write a new token long before the old one ends. */
const TOKEN_MS = 60_000

/** A pod that ends has 30 s. */
const LONGEST_END_MS = 25_000

const log = (about: string, text: string): void => {
  const what = about === '-' ? '' : `[${about}] `
  process.stdout.write(`${new Date().toISOString()} ${what}${text}\n`)
}
const fail = (error: Error): never => {
  log('-', error.message)
  process.exit(1)
}

const namespace = readNamespace()
const config = readConfig()

function readNamespace(): string {
  try {
    return readFileSync(`${ACCOUNT}/namespace`, 'utf8').trim()
  } catch {
    return fail(new Error(`there is no account of a pod at ${ACCOUNT}: a worker runs in a pod`))
  }
}

function readConfig(): WorkerConfig {
  try {
    const { values } = parseArgs({
      options: {
        file: { type: 'string', short: 'f', default: 'config.json' },
        instance: { type: 'string', short: 'i', default: '' },
      },
    })
    return parseConfig(readFileSync(values.file, 'utf8'), namespace, values.instance)
  } catch (error) {
    return fail(error as Error)
  }
}

let token = { text: '', readAt: Number.NEGATIVE_INFINITY }
const plain: Fetch = async (url, init) => (await fetch(url, init)) as Awaited<ReturnType<Fetch>>
function currentToken(): string {
  if (Date.now() - token.readAt > TOKEN_MS)
    token = { text: readFileSync(`${ACCOUNT}/token`, 'utf8').trim(), readAt: Date.now() }
  return token.text
}
/** NODE_EXTRA_CA_CERTS names the authority of the cluster. */
const authorized: Fetch = async (url, init) =>
  plain(url, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${currentToken()}` },
  })

const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = process.env
const client = kubeClient({
  fetch: authorized,
  server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
  namespace,
  fieldManager: FIELD_MANAGER,
})

async function main(): Promise<void> {
  const ending = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  const pod = podNameIn(currentToken()) ?? hostname()
  const owner = await ownerOf(client, namespace, pod).catch((error: Error) => {
    log('-', `the Deployment of the worker is not known: ${error.message}`)
    return undefined
  })
  if (owner !== undefined) log('-', `a pod of the Deployment ${owner.name}`)
  log('-', `${config.id}: tasks in ${config.namespace}, broker ${config.brokerUrl}`)
  const worker = startWorker({
    ...{ config, client, log, clock: machineClock, now: () => Date.now(), arch: process.arch },
    fetch: plain,
    run: randomUUID(),
    connects,
    // an owner in another namespace would be taken for one that is gone
    ...(owner !== undefined && namespace === config.namespace && { owner }),
  })
  await serveHealth(worker.health, config.healthPort)
  await ending
  const how = await endingOf(client, namespace, owner)
  log('-', `ends: ${how}`)
  await Promise.race([worker.stop(how), machineClock.sleep(LONGEST_END_MS)])
}

main().then(() => process.exit(0), fail)
