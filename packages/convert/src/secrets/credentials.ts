import { Buffer } from 'node:buffer'
import { secretsIn, secretsInText } from '@landfall/diagnostic'

/** Files in which programs keep the credentials of their user, wherever they are. */
const CREDENTIALS =
  /(^|\/)(\.docker\/config\.json|\.dockercfg|\.aws\/credentials|\.azure\/.+|\.config\/(gcloud\/.+|gh\/hosts\.yml|rclone\/rclone\.conf)|\.kube\/config|kubeconfig(\.ya?ml)?|[^/]+\.kubeconfig|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.npmrc|\.yarnrc\.yml|\.pypirc|\.cargo\/credentials(\.toml)?|\.gem\/credentials|\.composer\/auth\.json|\.terraform\.d\/credentials\.tfrc\.json|\.vault-token|\.s3cfg|\.boto|id_(rsa|dsa|ecdsa|ed25519)|\.gnupg\/.+|application_default_credentials\.json|[^/]*\.tfstate)$/

/** Lists of tools that hold a token or none: what is in them decides. */
const BY_CONTENT: readonly [name: RegExp, content: RegExp][] = [
  [/(^|\/)\.npmrc$/, /^[^#;\n]*_(auth(Token)?|password)\s*=\s*(?!\s|\$\{)\S/m],
  [/(^|\/)\.yarnrc\.yml$/, /^[^#\n]*npmAuth(Token|Ident)["']?\s*:\s*["']?(?!["']?\$\{)\S/m],
]

/** Whether a file is one of the credentials of a user; `read` gives its content, which is only read where it decides. */
export function isCredential(path: string, read: () => Uint8Array | undefined): boolean {
  if (!CREDENTIALS.test(path)) return false
  const rule = BY_CONTENT.find(([name]) => name.test(path))
  return rule === undefined || rule[1].test(textOf(read()))
}

/** Bytes that are searched: files of settings and keys are shorter. */
export const LARGEST_CREDENTIAL: number = 256 * 1024

/** Files of variables, but not the examples that people copy. */
const ENV_FILE = /(^|\/)(\.env(\.[\w-]+)*|[\w-]+\.env)$/
const EXAMPLE = /(example|sample|template|dist|defaults?)(\.|$)/i
const KEY_FILE =
  /\.(pem|key)$|(^|\/)[^/]*(service[-_]?account|credentials|kube)[^/]*\.(json|ya?ml)$/i
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|"private_key"\s*:\s*"|client-key-data\s*:\s*\S/

/**
 * Whether a file of a build context is one that no image may contain: credentials of a user, private keys, variables with secrets, and
 * the settings of a Git repository with the password of its server.
 */
export function isCredentialOfContext(path: string, read: () => Uint8Array | undefined): boolean {
  if (isCredential(path, read)) return true
  if (/(^|\/)\.git\/config$/.test(path)) return secretsIn(textOf(read())).length > 0
  if (ENV_FILE.test(path) && !EXAMPLE.test(path)) return secretsInText(textOf(read())).length > 0
  return KEY_FILE.test(path) && PRIVATE_KEY.test(textOf(read()))
}

function textOf(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString('latin1')
}
