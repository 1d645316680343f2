import { relative } from 'node:path/posix'
import { toPointer } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import { settledPath } from '../facts/mounts/file-settings.ts'
import type { FileContent } from '../plan/plan.ts'
import { isCredential } from './credentials.ts'
import { firstNames } from './first-names.ts'

/** Reports, in a line for each directory, what is left out of it, and the credentials that are deployed with it. */
export function reportTrees(conversion: Conversion): void {
  reportLeftOut(conversion)
  reportSpecial(conversion)
  reportCredentials(conversion)
}

function reportLeftOut(conversion: Conversion): void {
  for (const { path, pointer, names } of deployedWithout(conversion, conversion.leftOut))
    conversion.report({
      code: 'convert/left-out',
      severity: 'note',
      message: `${path} is deployed without ${names.join(', ')}`,
      path: pointer,
      hint: 'a mount of its own keeps what a program needs: ./.git:/app/.git',
    })
}

function reportSpecial(conversion: Conversion): void {
  for (const { path, pointer, names } of deployedWithout(conversion, conversion.special))
    conversion.report({
      code: 'convert/special-files',
      severity: 'note',
      message: `${path} is deployed without its FIFOs, sockets and devices: ${firstNames(names)}`,
      path: pointer,
    })
}

/** The directories that are deployed without some of these absolute paths, with their names in them. */
function deployedWithout(
  conversion: Conversion,
  paths: ReadonlySet<string>,
): { path: string; pointer: string; names: string[] }[] {
  return conversion.plan.binds.flatMap(({ path, as, mounts: [first] }) => {
    if ((as !== 'storage' && as !== 'config') || first === undefined) return []
    const root = settledPath(conversion, path)
    const below = [...paths].filter((one) => one.startsWith(`${root.replace(/\/$/, '')}/`))
    const names = below.map((one) => relative(root, one)).sort()
    const pointer = toPointer(['services', first.service])
    return names.length === 0 ? [] : [{ path, pointer, names }]
  })
}

function reportCredentials({ services, report }: Conversion): void {
  const known = new Set<string>()
  for (const { plan } of services)
    for (const { tree, pointer, files } of plan.files) {
      const found = tree
        ? files.filter(isDeployedCredential).filter(({ source = '' }) => !known.has(source))
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

function isDeployedCredential({ path, source, bytes }: FileContent): boolean {
  return source !== undefined && isCredential(path, () => bytes)
}
