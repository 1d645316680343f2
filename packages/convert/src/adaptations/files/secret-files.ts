import { Buffer } from 'node:buffer'
import { basename } from 'node:path/posix'
import { secretIn, secretsInText, type TextFinder } from '@landfall/diagnostic'

const SECRET_NAME =
  /(^|[._-])(secrets?|passwords?|passwd|credentials?|tokens?|htpasswd|pgpass|netrc|npmrc|pypirc|kubeconfig|git-credentials)([._-]|$)|\.(key|p12|pfx|jks|keystore|kdbx|env|ppk|ovpn|tfstate)$|^id_(rsa|dsa|ecdsa|ed25519)$|^\.env(\.|$)/i

/** Programs and pages are no secrets, whatever their names say. */
const PROGRAM =
  /\.(js|mjs|cjs|ts|jsx|tsx|vue|css|scss|html?|php|py|rb|go|rs|java|kt|sh|sql|md|rst|svg|map|pub|lock)$/i

/** Programs and pages in which a name with a value is rarely a secret: only the forms of secrets count. */
const NAMES_MEAN_NOTHING =
  /\.(js|mjs|cjs|ts|jsx|tsx|vue|css|scss|html?|rb|go|rs|java|kt|md|rst|svg|map|lock|po|properties\.[a-z]{2})$/i

/** Bytes of a file that are searched: configuration is shorter. */
const SEARCHED = 128 * 1024

/** Where programs keep the credentials of their user. */
const USER_DIRECTORY = /(^|\/)\.(docker|aws|azure|kube|ssh|gnupg)\/[^/]+$/

/** Whether a file holds what nobody should read in a ConfigMap: by its name, or by what is in it. `known`: values that are secret elsewhere in the project. */
export function isSecretFile(path: string, bytes: Uint8Array, known: TextFinder): boolean {
  const name = basename(path)
  if ((SECRET_NAME.test(name) || USER_DIRECTORY.test(path)) && !PROGRAM.test(name)) return true
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SEARCHED))
  if (searched.includes(0)) return false
  const text = searched.toString('utf8')
  if (known.isIn(text)) return true
  return NAMES_MEAN_NOTHING.test(name)
    ? secretIn(text) !== undefined
    : secretsInText(text).length > 0
}
