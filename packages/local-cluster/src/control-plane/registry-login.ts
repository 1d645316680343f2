import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeWhole } from '../host/write-whole.ts'
import type { AddressPlan } from '../network/address-plan.ts'

/** What writes into the registries of a cluster. */
export interface RegistryLogin {
  username: string
  password: string
  /** The password as htpasswd has it: bcrypt. */
  hash: string
}

/** Reads the login of a cluster's registries; undefined where it has none, or a file that is damaged. */
export function readRegistryLogin(file: string): RegistryLogin | undefined {
  try {
    const { username, password, hash } = JSON.parse(readFileSync(file, 'utf8')) as RegistryLogin
    return [username, password, hash].every((text) => typeof text === 'string' && text !== '')
      ? { username, password, hash }
      : undefined
  } catch {
    return undefined
  }
}

/** The login of a cluster's registries; it is made at the first `up`, in a file that only its owner can read. */
export async function keepRegistryLogin(file: string): Promise<RegistryLogin> {
  const held = readRegistryLogin(file)
  if (held !== undefined) return held
  const { hash } = await import('bcryptjs')
  const password = randomBytes(32).toString('hex')
  // 256 random bits are not guessed: the least cost of bcrypt makes each request of a push fast.
  const login = { username: 'landfall', password, hash: await hash(password, 4) }
  writeWhole(file, JSON.stringify(login), 0o600)
  return login
}

/** The text of the file that a registry compares logins with. */
export function htpasswd({ username, hash }: RegistryLogin): string {
  return `${username}:${hash}\n`
}

/** The value of the header `authorization` (RFC 7617). */
export function basicAuthorization({ username, password }: RegistryLogin): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** Docker's `config.json` with the login, which builders read. */
export function dockerLogin(login: RegistryLogin, plan: AddressPlan): string {
  const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64')
  const hosts = [plan.registryWriter, plan.packageRegistryWriter]
  return JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) })
}
