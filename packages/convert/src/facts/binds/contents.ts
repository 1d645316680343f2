import { basename } from 'node:path/posix'
import type { FileSystem } from '@landfall/compose'

/** What a directory of the project holds, as far as it tells what the directory is for. */
export interface Contents {
  /** Nothing is there, or only files that keep the directory in a repository. */
  placeholders: boolean
  /** A file that only a running program makes. */
  database?: string
  /** All files are configuration, scripts or pages by their names. */
  configuration: boolean
}

/** Files that keep an empty directory in a repository. */
const PLACEHOLDER =
  /^(\.(git)?(keep|ignore|empty|placeholder)|\.gitattributes|\.DS_Store|readme(\.\w+)?|placeholder|empty)$/i

const DATABASE =
  /\.(db|db3|sqlite3?|rdb|aof|mdb|ibd|wt|ldb|wal|frm|myd|lmdb)$|^(PG_VERSION|ibdata\d+|WiredTiger|dump\.rdb|auto\.cnf|acme\.json)$/

const CONFIGURATION =
  /\.(conf|cfg|cnf|cf|ini|ya?ml|toml|properties|env|envrc|xml|xsd|sql|js|mjs|cjs|ts|lua|sh|bash|py|rb|pl|template|tmpl|tpl|j2|pem|crt|cer|key|csr|p12|pfx|jks|json|jsonc|json5|md|txt|rules|hcl|tf|graphql|proto|htm|html|css|svg|png|ico|webp|jpe?g|gif|woff2?|repo|list|service|htaccess|example|sample|dist|lock|cron|vcl|grok|pbtxt|wasm|rego|prom|dhall)$|^(\.?htpasswd|Caddyfile|Dockerfile|Corefile|crontab|hosts|my\.cnf|redis\.conf|\.env.*|\.[a-z]+rc|\.(git|docker)ignore|\.git(keep|attributes)|LICENSE|Makefile)$/i

/** More files are read by no person. */
const MOST_FILES = 2000
const DEEPEST = 12

/** Looks at the names in a directory; a missing one holds placeholders alone. */
export function contentsOf(files: FileSystem, directory: string): Contents {
  let placeholders = true
  let configuration = true
  let database: string | undefined
  let seen = 0
  const visit = (path: string, depth: number): void => {
    for (const name of files.list(path) ?? []) {
      if (seen++ > MOST_FILES || depth > DEEPEST) return
      const stat = files.stat(`${path}/${name}`)
      if (stat?.kind === 'directory') visit(`${path}/${name}`, depth + 1)
      else if (stat?.kind === 'file' && !PLACEHOLDER.test(name)) {
        placeholders = false
        if (DATABASE.test(name)) database ??= `${path}/${name}`.slice(directory.length + 1)
        if (!CONFIGURATION.test(name)) configuration = false
      }
    }
  }
  visit(directory, 0)
  return { placeholders, configuration, ...(database === undefined ? {} : { database }) }
}

/** Files that programs write: databases, stores of certificates and passwords, logs. */
const STATE_FILE =
  /\.(db|db3|sqlite3?|rdb|mdb|log|pid|dat|kdbx|history)$|^(acme\.json|passwd|\.?htpasswd|passwords?|shadow|pwfile|password_file|known_hosts|state\.json|db\.json|database\.json|\.bash_history)$/i

const PLAIN_CONFIG_FILE =
  /(^|[._-])(config|configuration|settings|conf|package|tsconfig|appsettings|credentials|realm|import|export|provision\w*|schema|dashboards?|data-?source)([._-]|$)/i

/** Whether a file is one that a program writes, by its names in the project and in the container. */
export function isStateFile(source: string, target: string): boolean {
  return STATE_FILE.test(basename(source)) || STATE_FILE.test(basename(target))
}

/** Whether a file is configuration, a script or a page by its name. */
export function isConfigFile(path: string): boolean {
  const name = basename(path)
  return /\.json$/i.test(name) ? PLAIN_CONFIG_FILE.test(name) : CONFIGURATION.test(name)
}
