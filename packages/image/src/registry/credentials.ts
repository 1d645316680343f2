import { Buffer } from 'node:buffer'
import { ownValue } from '@landfall/diagnostic'
import { isObject } from '../manifest-shape.ts'

/** The login of a user at a registry. */
export type Credentials =
  | { username: string; password: string }
  /** Of `docker login` through a browser: stands for a user until it is exchanged. */
  | { identityToken: string }

/** Runs `docker-credential-<helper> get` with a text on its standard input; gives what it prints, or undefined when it fails. */
export type RunHelper = (program: string, input: string) => Promise<string | undefined>

/** Under which name Docker keeps the user of Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/'

/**
 * Looks the user of a registry up in Docker's configuration (the text of config.json), as Docker does: a helper of the
 * host, else the helper for all, else the file itself. A configuration that cannot be read has no logins.
 */
export async function findCredentials(
  configText: string,
  host: string,
  runHelper: RunHelper,
): Promise<Credentials | undefined> {
  const { auths, credHelpers, credsStore } = parseConfig(configText)
  const key = host === 'docker.io' ? DOCKER_HUB : host
  const helper = ownValue(credHelpers, host) ?? ownValue(credHelpers, key) ?? credsStore
  if (typeof helper === 'string' && /^[\w.-]+$/.test(helper)) {
    const printed = await runHelper(`docker-credential-${helper}`, key)
    const given = printed === undefined ? undefined : fromHelper(printed)
    if (given !== undefined) return given
  }
  const entry = Object.entries(auths).find(([name]) => name === key || hostOf(name) === host)?.[1]
  if (!isObject(entry)) return undefined
  const { identitytoken, auth, username, password } = entry
  if (isText(identitytoken)) return { identityToken: identitytoken }
  if (isText(auth)) return fromPair(Buffer.from(auth, 'base64').toString('utf8'))
  return isText(username)
    ? { username, password: typeof password === 'string' ? password : '' }
    : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** The parts of ~/.docker/config.json that hold logins. */
function parseConfig(text: string): {
  auths: Record<string, unknown>
  credHelpers: Record<string, unknown>
  credsStore?: unknown
} {
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch {
    // Without logins.
  }
  const { auths, credHelpers, credsStore } = isObject(config) ? config : {}
  return {
    auths: isObject(auths) ? auths : {},
    credHelpers: isObject(credHelpers) ? credHelpers : {},
    credsStore,
  }
}

/** `https://ghcr.io/v2/` was written by old versions of Docker. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

function fromHelper(printed: string): Credentials | undefined {
  try {
    const { Username, Secret } = JSON.parse(printed) as { Username?: unknown; Secret?: unknown }
    if (typeof Username !== 'string' || typeof Secret !== 'string') return undefined
    return Username === '<token>'
      ? { identityToken: Secret }
      : { username: Username, password: Secret }
  } catch {
    return undefined
  }
}

function fromPair(pair: string): Credentials | undefined {
  const at = pair.indexOf(':')
  return at === -1 ? undefined : { username: pair.slice(0, at), password: pair.slice(at + 1) }
}
