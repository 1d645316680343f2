import { spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { recordOf } from '@landfall/diagnostic'
import {
  type AskImage,
  askRegistries,
  type Fetch,
  findCredentials,
  type RegistryAccess,
  type RunHelper,
} from '@landfall/image'
import { readBounded } from '@landfall/local-cluster/read-bounded'

/** Milliseconds for a credential helper, which may prompt the user for a password. */
const HELPER_PATIENCE = 30_000

/**
 * Asks registries as the user's Docker would: with its logins, its proxies (HTTPS_PROXY and its like), and the mirrors and
 * plain-http registries of its daemon's configuration.
 */
export function userRegistries(
  env: Readonly<Record<string, string>>,
  limits: Pick<RegistryAccess, 'patience' | 'transfer' | 'limits'>,
  mirrors: readonly string[] = [],
): AskImage {
  const home = env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker')
  const daemon = daemonConfig(readText('/etc/docker/daemon.json'))
  return askRegistries({
    fetch: fetchFor(env),
    credentials: (host) =>
      findCredentials(readText(join(home, 'config.json')), host, helperIn(env)),
    mirrors: { 'docker.io': [...mirrors, ...daemon.mirrors] },
    plainHttp: daemon.plainHttp,
    tokenServices: tokenServicesIn(env.LANDFALL_TOKEN_SERVICES ?? ''),
    ...limits,
  })
}

/** `registry.example=gitlab.example,other.example=auth.example:8443`: hosts that may get the login of a registry as well. */
function tokenServicesIn(text: string): Record<string, string[]> {
  const services = recordOf<string[]>()
  for (const pair of text.split(',')) {
    const [registry = '', service = ''] = pair.split('=').map((part) => part.trim())
    if (registry !== '' && service !== '')
      services[registry] = [...(services[registry] ?? []), service]
  }
  return services
}

/** Bytes. */
const LARGEST_CONFIG = 4 * 1024 * 1024

function readText(path: string): string {
  const read = readBounded(path, LARGEST_CONFIG)
  return read.ok ? read.text : ''
}

function daemonConfig(text: string): { mirrors: string[]; plainHttp: string[] } {
  try {
    const config = JSON.parse(text) as Record<string, unknown>
    return {
      mirrors: texts(config['registry-mirrors']),
      plainHttp: texts(config['insecure-registries']),
    }
  } catch {
    return { mirrors: [], plainHttp: [] }
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/**
 * A `fetch` that fails at once when a name does not resolve, before anything heavy is loaded: so that a machine without
 * a network converts as fast as one with `--offline`.
 */
function fetchFor(env: Readonly<Record<string, string>>): Fetch {
  const proxied = Object.keys(env).some((name) => /^https?_proxy$/i.test(name) && env[name] !== '')
  const names = new Map<string, Promise<unknown>>()
  let send: Promise<Fetch> | undefined
  return async (url, init) => {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
    if (!proxied && isIP(host) === 0) {
      const resolved = names.get(host) ?? lookup(host)
      names.set(host, resolved)
      await orAborted(resolved, init.signal)
    }
    send ??= import('./proxied-fetch.ts').then(({ proxiedFetch }) => proxiedFetch(env))
    return (await send)(url, init)
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
  ])
}

function helperIn(env: Readonly<Record<string, string>>): RunHelper {
  return (program, input) =>
    new Promise((resolve) => {
      const child = spawn(program, ['get'], {
        env,
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: HELPER_PATIENCE,
      })
      let printed = ''
      child.stdout.on('data', (data: Buffer) => {
        printed += data.toString()
      })
      child.on('error', () => resolve(undefined))
      child.stdin.on('error', () => resolve(undefined))
      child.on('close', (code) => resolve(code === 0 ? printed : undefined))
      child.stdin.end(input)
    })
}
