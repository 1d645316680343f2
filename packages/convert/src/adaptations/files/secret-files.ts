import { Buffer } from 'node:buffer'
import { basename } from 'node:path/posix'

const SECRET_NAME =
  /(^|[._-])(secrets?|passwords?|passwd|credentials?|tokens?|htpasswd|pgpass|netrc|npmrc)([._-]|$)|\.(key|p12|pfx|jks|keystore|kdbx|env)$|^id_(rsa|dsa|ecdsa|ed25519)$|^\.env(\.|$)/i

/** Programs and pages are no secrets, whatever their names say. */
const PROGRAM = /\.(js|mjs|ts|css|html?|php|py|rb|go|java|sh|sql|md|svg|png|pub)$/i

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

/** Whether a file holds what nobody should read in a ConfigMap: a private key, or a name that says so. */
export function isSecretFile(path: string, bytes: Uint8Array): boolean {
  const name = basename(path)
  if (SECRET_NAME.test(name) && !PROGRAM.test(name)) return true
  return PRIVATE_KEY.test(Buffer.from(bytes.subarray(0, 64 * 1024)).toString('latin1'))
}
