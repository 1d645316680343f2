import { basename, relative } from 'node:path/posix'
import type { Conversion } from '../../conversion.ts'
import type { Bind, BindTree, BoundMount } from './bind.ts'
import { because } from './causes.ts'
import { collectBinds, isOfProject } from './collect.ts'
import { decideTree } from './decide.ts'
import { isInImage } from './in-image.ts'
import { overruledKind } from './overruled.ts'
import { isEngineSocket, isSystemPath } from './system-paths.ts'

const known = new WeakMap<Conversion, BindTree[]>()

/** Every tree that services bind, with what becomes of it, sorted by path. */
export function bindTrees(conversion: Conversion): readonly BindTree[] {
  const found = known.get(conversion) ?? findTrees(conversion)
  known.set(conversion, found)
  return found
}

/** The tree of a mount of a service; undefined where the mount is no bind. */
export function boundMount(
  conversion: Conversion,
  service: string,
  target: string,
): BoundMount | undefined {
  for (const tree of bindTrees(conversion))
    for (const bind of tree.binds)
      if (bind.service.service === service && bind.mounted.mount.target === target)
        return { bind, tree }
  return undefined
}

function findTrees(conversion: Conversion): BindTree[] {
  const all = collectBinds(conversion).map((bind) => ({
    bind,
    inProject: isOfProject(conversion, bind),
    as: overruledKind(conversion, bind.source),
  }))
  const system = all.filter(
    ({ bind, inProject, as }) =>
      as === undefined &&
      !inProject &&
      (isEngineSocket(bind.source) ||
        isSystemPath(
          bind.source,
          isWritten(
            bind,
            all.map((one) => one.bind),
          ),
        )),
  )
  const rest = all.filter((one) => !system.includes(one))
  const inImage = rest.filter(
    ({ bind, inProject, as }) => as === undefined && inProject && isInImage(conversion, bind),
  )
  const mounted = rest.filter((one) => !inImage.includes(one))
  const [own, foreign] = [true, false].map((inside) =>
    overlapping(mounted.filter(({ inProject }) => inProject === inside).map(({ bind }) => bind)),
  ) as [Bind[][], Bind[][]]
  return [
    ...bySource(system.map(({ bind }) => bind)).map((binds) =>
      treeOf(conversion, binds, false, 'host'),
    ),
    ...bySource(inImage.map(({ bind }) => bind)).map((binds) =>
      treeOf(conversion, binds, true, 'image'),
    ),
    ...own.map((binds) => treeOf(conversion, binds, true)),
    ...foreign.map((binds) => treeOf(conversion, binds, false)),
  ].sort((a, b) => (a.root < b.root ? -1 : a.root > b.root ? 1 : 0))
}

/** Whether any service may write at the source of a bind. */
function isWritten({ source }: Bind, all: readonly Bind[]): boolean {
  return all.some((bind) => bind.written && bind.source === source)
}

function bySource(binds: readonly Bind[]): Bind[][] {
  const groups = new Map<string, Bind[]>()
  for (const bind of binds) groups.set(bind.source, [...(groups.get(bind.source) ?? []), bind])
  return [...groups.values()]
}

/** Binds of which one path is below the other are one group. */
function overlapping(binds: readonly Bind[]): Bind[][] {
  const groups: { root: string; binds: Bind[] }[] = []
  for (const bind of binds.toSorted((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : 0,
  )) {
    const group = groups.find(
      ({ root }) => bind.source === root || bind.source.startsWith(`${root === '/' ? '' : root}/`),
    )
    if (group === undefined) groups.push({ root: bind.source, binds: [bind] })
    else group.binds.push(bind)
  }
  return groups.map((group) =>
    binds.filter((bind) => group.binds.includes(bind)).length === 0 ? [] : group.binds,
  )
}

function treeOf(
  conversion: Conversion,
  binds: readonly Bind[],
  inProject: boolean,
  kind?: 'host' | 'image',
): BindTree {
  const [{ source: root }] = binds as [Bind]
  const shown = shownPath(conversion, root)
  const named = [
    ...new Set(binds.flatMap(({ source, volume }) => (source === root ? (volume ?? []) : []))),
  ]
  const base = { root, shown, inProject, binds, volume: named[0] ?? shown }
  if (kind === 'host')
    return {
      ...base,
      isFile: false,
      kind,
      unsure: false,
      because: isEngineSocket(root) ? because('engine-socket') : because('system-path'),
    }
  if (kind === 'image')
    return {
      ...base,
      isFile: false,
      kind,
      unsure: false,
      because: because('in-image', {
        services: [...new Set(binds.map(({ service }) => service.service))].join(', '),
      }),
    }
  return { ...base, ...decideTree(conversion, base) }
}

/** A path as a Compose file would write it. */
export function shownPath(
  { projectDirectory }: Pick<Conversion, 'projectDirectory'>,
  source: string,
): string {
  const path = relative(projectDirectory, source)
  if (path === '') return `./${basename(projectDirectory)}`
  return path.startsWith('..') ? source : `./${path}`
}
