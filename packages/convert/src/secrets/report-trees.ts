import { relative } from 'node:path/posix'
import type { Conversion } from '../conversion.ts'
import { settledPath } from '../facts/mounts/file-settings.ts'
import type { FileContent } from '../plan/plan.ts'

/** Files in which programs keep the credentials of their user, wherever they are. */
const CREDENTIALS =
  /(^|\/)(\.docker\/config\.json|\.aws\/credentials|\.kube\/config|kubeconfig(\.ya?ml)?|\.netrc|_netrc|\.pgpass|\.git-credentials|\.npmrc|\.yarnrc\.yml|\.pypirc|\.vault-token|id_(rsa|dsa|ecdsa|ed25519)|\.gnupg\/.+|application_default_credentials\.json|[^/]*\.tfstate)$/

/** Lists of tools that hold a token or none: what is in them decides. */
const BY_CONTENT = /(^|\/)(\.npmrc|\.yarnrc\.yml)$/

/** Reports, in a line for each directory, what is left out of it, and the credentials that are deployed with it. */
export function reportTrees(conversion: Conversion): void {
  reportLeftOut(conversion)
  reportCredentials(conversion)
}

function reportLeftOut(conversion: Conversion): void {
  const { plan, leftOut, report } = conversion
  for (const { path, as, mounts } of plan.binds) {
    if (as !== 'storage' && as !== 'config') continue
    const root = settledPath(conversion, path)
    const below = [...leftOut].filter((one) => one.startsWith(`${root.replace(/\/$/, '')}/`))
    const [first] = mounts
    if (below.length === 0 || first === undefined) continue
    const names = below.map((one) => relative(root, one)).sort()
    report({
      code: 'convert/left-out',
      severity: 'note',
      message: `${path} is deployed without ${names.join(', ')}`,
      path: `/services/${first.service.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      hint: 'a mount of its own keeps what a program needs: ./.git:/app/.git',
    })
  }
}

function reportCredentials({ services, report }: Conversion): void {
  const known = new Set<string>()
  for (const { plan } of services)
    for (const { tree, pointer, files } of plan.files) {
      const found = tree
        ? files.filter(isCredential).filter(({ source = '' }) => !known.has(source))
        : []
      if (found.length === 0 || pointer === undefined) continue
      for (const { source = '' } of found) known.add(source)
      report({
        code: 'convert/credentials-mounted',
        severity: 'warning',
        message: `a mounted directory contains credentials, which are deployed in a Secret: ${found.map(({ path }) => path).join(', ')}`,
        path: pointer,
        hint: 'move them out of the directory, or mount only what the program needs',
      })
    }
}

function isCredential({ path, source, bytes }: FileContent): boolean {
  if (source === undefined || !CREDENTIALS.test(path)) return false
  return (
    !BY_CONTENT.test(path) ||
    /_auth(Token)?\s*[=:]|npmAuth(Token|Ident)\s*:/.test(Buffer.from(bytes).toString('latin1'))
  )
}
