import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepPrivate } from '../host/private-directory.ts'
import { SECRET_MODE, writeWhole } from '../host/write-whole.ts'
import type { KeyPair, Subject } from './issue.ts'

export interface CertificateWish extends Subject {
  /** Name of the files, without `.crt` and `.key`. */
  name: string
  /** Who signs it: the cluster's authority (`ca`) if omitted. */
  authority?: string
}

interface Held {
  certificate: string
  key: string
}

const SOON_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Keeps the keys and certificates of a directory: makes those that are missing, that were made for other names or addresses, or that end
 * within 30 days, and leaves the others as they are. Authorities are made once. `keyPairs` are keys without a certificate (`.key` and
 * `.pub`). Throws an Error when an authority has no key.
 */
export async function keepFiles(
  directory: string,
  wishes: readonly CertificateWish[],
  keyPairs: readonly string[],
): Promise<void> {
  keepPrivate(directory)
  for (const name of readdirSync(directory))
    if (name.endsWith('.key')) chmodSync(join(directory, name), SECRET_MODE)
  const authorities = new Map<string, Held>()
  for (const { name, authority: by = 'ca', ...subject } of wishes) {
    const authority = authorities.get(by) ?? (await keepAuthority(directory, by))
    authorities.set(by, authority)
    if (serves(read(directory, name), subject, authority)) continue
    const { issue } = await import('./issue.ts')
    write(directory, name, await issue(subject, authority))
  }
  for (const name of keyPairs) {
    if (existsSync(join(directory, `${name}.key`))) continue
    const { newKeyPair } = await import('./issue.ts')
    write(directory, name, newKeyPair())
  }
}

async function keepAuthority(directory: string, name: string): Promise<Held> {
  const held = read(directory, name)
  if (held !== undefined) return held
  if (isCertificate(join(directory, `${name}.crt`)))
    throw new Error(
      `${join(directory, name)}.key does not exist or is not the key of ${name}.crt; restore it, or remove the cluster with its volumes`,
    )
  const { issue } = await import('./issue.ts')
  const commonName = name === 'ca' ? 'landfall-cluster' : `landfall-cluster-${name}`
  const made = await issue({ commonName })
  write(directory, name, made)
  return made
}

function isCertificate(file: string): boolean {
  try {
    return new X509Certificate(readFileSync(file)).serialNumber !== ''
  } catch {
    return false
  }
}

/** A certificate and its key, or undefined where one of them is missing or the key is not that of the certificate. */
function read(directory: string, name: string): Held | undefined {
  try {
    const certificate = readFileSync(join(directory, `${name}.crt`), 'utf8')
    const key = readFileSync(join(directory, `${name}.key`), 'utf8')
    const fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
    return fits ? { certificate, key } : undefined
  } catch {
    return undefined
  }
}

/** Whether a certificate is as wanted, for the next 30 days at least. */
function serves(held: Held | undefined, wanted: Subject, authority: Held): boolean {
  if (held === undefined) return false
  const certificate = new X509Certificate(held.certificate)
  const by = new X509Certificate(authority.certificate)
  const { commonName, organization, dnsNames = [], addresses = [] } = wanted
  // How Node.js writes them.
  const subject = [...(organization === undefined ? [] : [`O=${organization}`]), `CN=${commonName}`]
  const names = [
    ...dnsNames.map((name) => `DNS:${name}`),
    ...addresses.map((address) => `IP Address:${address}`),
  ]
  return (
    certificate.checkIssued(by) &&
    certificate.verify(by.publicKey) &&
    Date.parse(certificate.validTo) - Date.now() > SOON_MS &&
    certificate.subject === subject.join('\n') &&
    (certificate.subjectAltName ?? '') === names.join(', ')
  )
}

/** Stores a key before its certificate: after a crash between the two, the pair does not fit and is made again. */
function write(directory: string, name: string, made: KeyPair & { certificate?: string }): void {
  const at = (kind: string) => join(directory, `${name}.${kind}`)
  const keep = (kind: string, text: string, mode = 0o644) =>
    writeWhole(at(kind), text, mode, 'unflushed')
  keep('pub', made.publicKey)
  keep('key', made.key, SECRET_MODE)
  if (made.certificate !== undefined) keep('crt', made.certificate)
}
