import { isAbsolute, join } from 'node:path/posix'
import { acceptAs } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import type { BindTree } from './binds/bind.ts'
import { pathOfKey } from './binds/overruled.ts'
import { isWithin } from './binds/paths.ts'
import { bindTrees } from './binds/trees.ts'

/** Reports each file outside of the project whose content would be in the objects or in an image: it is not read until it is accepted. */
export function reportOutsideFiles(
  conversion: Conversion,
  refused: ReadonlyMap<string, string>,
): void {
  const { files, project, projectDirectory, services } = conversion
  const report = (path: string, pointer: string, target = files.outside?.(path)) => {
    if (target !== undefined) reportOutside(conversion, path, pointer, target)
  }
  for (const family of ['configs', 'secrets'] as const)
    for (const [name, { file }] of Object.entries(project[family] ?? {}))
      if (file !== undefined)
        report(
          isAbsolute(file) ? file : join(projectDirectory, file),
          toPointer([family, name, 'file']),
        )
  for (const service of services) {
    const { build } = service.compose
    if (build == null || !build.context.startsWith('/')) continue
    report(build.context, service.at('build', 'context'))
    const { dockerfile = 'Dockerfile', dockerfile_inline, additional_contexts } = build
    const recipe = isAbsolute(dockerfile) ? dockerfile : join(build.context, dockerfile)
    const isKnown = files.outside?.(build.context) !== undefined && isWithin(recipe, build.context)
    if (dockerfile_inline === undefined && !isKnown)
      report(recipe, service.at('build', build.dockerfile === undefined ? 'context' : 'dockerfile'))
    for (const [name, context] of Object.entries(additional_contexts ?? {}))
      if (String(context).startsWith('/'))
        report(String(context), service.at('build', 'additional_contexts', name))
  }
  for (const tree of bindTrees(conversion)) {
    const isDelivered = tree.kind === 'config' || (tree.kind === 'storage' && tree.inProject)
    if (!isDelivered) continue
    for (const { source, mounted } of tree.binds) {
      const pointer = toPointer(['services', mounted.owner, 'volumes', mounted.index])
      const target = files.outside?.(source)
      if (target !== undefined) report(source, pointer, target)
      else if (isUnacceptedHere(conversion, tree, source)) report(source, pointer, source)
      else
        for (const [path, leadsTo] of refused)
          if (path.startsWith(`${source}/`)) report(path, pointer, leadsTo)
    }
  }
}

/**
 * Whether configuration from outside of the project is on no list of landfall.yaml, and not on this machine: it is an error as it would
 * be where the file is.
 */
function isUnacceptedHere(conversion: Conversion, tree: BindTree, source: string): boolean {
  const { files, settings } = conversion
  if (tree.kind !== 'config' || tree.inProject || files.stat(source) !== undefined) return false
  const listed = (settings.accept ?? []).flatMap((path) => pathOfKey(conversion, path) ?? [])
  return tree.because.code !== 'bind/declared' && !listed.some((path) => isWithin(source, path))
}

function reportOutside(
  { files, projectDirectory, environment, report }: Conversion,
  path: string,
  pointer: string,
  target: string,
): void {
  const home = environment?.HOME
  const written = asWritten(path, projectDirectory, home)
  const leads = path === target ? 'is' : `leads to ${target}, which is`
  report({
    code: 'convert/outside-file',
    severity: 'error',
    message: `${written} ${leads} outside of the project, and its content would be part of the result`,
    path: pointer,
    hint: `if that is intended, accept it in landfall.yaml: accept: [${acceptAs(target, { files, projectDirectory, home })}]`,
  })
}

/** A path below the project or the home directory of the user from there: the same on every machine. */
function asWritten(path: string, projectDirectory: string, home: string | undefined): string {
  if (path.startsWith(`${projectDirectory}/`)) return path.slice(projectDirectory.length + 1)
  return home !== undefined && home !== '/' && path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path
}
