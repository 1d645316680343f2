// tsyringe, which the next import loads, requires it to be there first.
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** What a certificate states (RFC 5280). */
export interface Subject {
  commonName: string
  organization?: string
  dnsNames?: readonly string[]
  /** IPv4. */
  addresses?: readonly string[]
}

/** A certificate or a key pair as PEM; the private key in the form of SEC 1 (`EC PRIVATE KEY`). */
export interface KeyPair {
  key: string
  publicKey: string
}

export interface Issued extends KeyPair {
  certificate: string
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const signature = { name: 'ECDSA', hash: 'SHA-256' }
const HOUR_MS = 60 * 60 * 1000
const LIFETIME_MS = 10 * 365 * 24 * HOUR_MS

/** A new key of the curve P-256. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { key: privateKey, publicKey }
}

/**
 * A certificate with a new key, for clients and servers, valid for ten years from an hour ago (for machines whose clock is set back
 * after the start). It is signed by `authority`; without one it is an authority itself and signs itself.
 */
export async function issue(
  { commonName, organization, dnsNames = [], addresses = [] }: Subject,
  authority?: { certificate: string; key: string },
): Promise<Issued> {
  const pair = newKeyPair()
  const publicKey = await importKey('spki', pair.publicKey)
  const signer = authority && new X509Certificate(authority.certificate)
  const subject = [
    ...(organization === undefined ? [] : [{ O: [organization] }]),
    { CN: [commonName] },
  ]
  const names: JsonGeneralNames = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]
  const usages =
    KeyUsageFlags.digitalSignature | (signer === undefined ? KeyUsageFlags.keyCertSign : 0)
  const certificate = await X509CertificateGenerator.create(
    {
      subject,
      // The bytes of the authority's own name: clients compare them, and there is more than one way to write a text.
      issuer: signer?.subjectName ?? subject,
      notBefore: new Date(Date.now() - HOUR_MS),
      notAfter: new Date(Date.now() + LIFETIME_MS),
      publicKey,
      signingKey: await importKey('pkcs8', authority?.key ?? pair.key),
      signingAlgorithm: signature,
      extensions: [
        new KeyUsagesExtension(usages, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
        ...(signer === undefined
          ? [
              new BasicConstraintsExtension(true, undefined, true),
              await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
            ]
          : [
              new BasicConstraintsExtension(false, undefined, true),
              await AuthorityKeyIdentifierExtension.create(signer, false, webcrypto),
            ]),
        ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
      ],
    },
    webcrypto,
  )
  return { ...pair, certificate: `${certificate.toString('pem')}\n` }
}

function importKey(type: 'spki' | 'pkcs8', pem: string): Promise<webcrypto.CryptoKey> {
  const der =
    type === 'spki'
      ? createPublicKey(pem).export({ type, format: 'der' })
      : createPrivateKey(pem).export({ type, format: 'der' })
  return webcrypto.subtle.importKey(type, der, curve, true, [type === 'spki' ? 'verify' : 'sign'])
}
