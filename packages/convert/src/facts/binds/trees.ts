import { join, relative } from 'node:path/posix'
import type { Conversion } from '../../conversion.ts'
import type { Bind, BindTree, BoundMount } from './bind.ts'
import { because } from './causes.ts'
import { collectBinds } from './collect.ts'
import { contentsOf } from './contents.ts'
import { decideTree } from './decide.ts'
import { isInImage } from './in-image.ts'
import { overruledKind } from './overruled.ts'
import { isWithin } from './paths.ts'
import { placeOf, placeOfSource } from './places.ts'
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

/** Parts of storage that a service mounts because its image has only the rest of what it binds. */
export function partsOf(conversion: Conversion, service: string): BoundMount[] {
  return bindTrees(conversion).flatMap((tree) =>
    tree.kind === 'storage'
      ? tree.binds
          .filter((bind) => bind.isPart === true && bind.service.service === service)
          .map((bind) => ({ bind, tree }))
      : [],
  )
}

function findTrees(conversion: Conversion): BindTree[] {
  const all = collectBinds(conversion)
  const isDeclared = ({ source }: Bind) => overruledKind(conversion, source) !== undefined
  const isSystem = (bind: Bind) =>
    !bind.inProject &&
    !isDeclared(bind) &&
    (isEngineSocket(bind.source) || isSystemPath(bind.source, bind.target, isWritten(bind, all)))
  const system = all.filter(isSystem)
  const rest = all.filter((bind) => !system.includes(bind))
  const copied = rest.filter((bind) => !isDeclared(bind) && isInImage(conversion, bind))
  const inImage = copied.filter((bind) => !isShared(bind, rest, copied))
  const mounted = rest.filter((bind) => !inImage.includes(bind))
  const parts = inImage.flatMap((bind) => sharedParts(conversion, bind, mounted))
  const [own, foreign] = [true, false].map((inside) =>
    overlapping([...mounted, ...parts].filter(({ inProject }) => inProject === inside)),
  )
  return [
    ...bySource(system).map((binds) => hostTree(binds)),
    ...bySource(inImage).map((binds) => imageTree(binds)),
    ...[...(own ?? []), ...(foreign ?? [])].map((binds) => decidedTree(conversion, binds)),
  ].sort((a, b) => (a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0))
}

/** Whether any service may write at the source of a bind. */
function isWritten({ source }: Bind, all: readonly Bind[]): boolean {
  return all.some((bind) => bind.written && bind.source === source)
}

/**
 * Whether another service, whose image does not have it, sees all of what the program may write. Where the project is on the
 * machine decides nothing: `/tmp` of another service is not about a project in `/tmp/project`.
 */
function isShared(bind: Bind, all: readonly Bind[], copied: readonly Bind[]): boolean {
  return (
    bind.written &&
    all.some(
      (other) =>
        other.service !== bind.service &&
        other.inProject === bind.inProject &&
        !copied.includes(other) &&
        isWithin(bind.source, other.source),
    )
  )
}

/** What others see of a directory that the program may write: directories of data below the one that is in its image. */
function sharedParts(conversion: Conversion, bind: Bind, mounted: readonly Bind[]): Bind[] {
  if (!bind.written) return []
  const parts = new Map<string, Bind>()
  for (const other of mounted) {
    const { source, shown, target, service } = other
    if (service === bind.service || source === bind.source || !isWithin(source, bind.source))
      continue
    if (other.inProject !== bind.inProject) continue
    if (conversion.files.stat(source)?.kind === 'file') continue
    const data =
      contentsOf(conversion.files, source).placeholders ||
      placeOf(target) === 'state' ||
      placeOfSource(shown) === 'state'
    if (!data) continue
    const at = join(bind.target, relative(bind.source, source))
    const mount = { ...bind.mounted.mount, target: at }
    const mounts = mounted.some((one) => one.service === bind.service && one.target === at)
    if (!mounts)
      parts.set(source, {
        ...bind,
        source,
        shown,
        target: at,
        mounted: { ...bind.mounted, mount },
        isPart: true,
      })
  }
  return [...parts.values()]
}

function bySource(binds: readonly Bind[]): [Bind, ...Bind[]][] {
  const groups = new Map<string, [Bind, ...Bind[]]>()
  for (const bind of binds) {
    const group = groups.get(bind.source)
    if (group === undefined) groups.set(bind.source, [bind])
    else group.push(bind)
  }
  return [...groups.values()]
}

/** Binds of which one path is below the other are one group, the topmost first. */
function overlapping(binds: readonly Bind[]): [Bind, ...Bind[]][] {
  const groups: [Bind, ...Bind[]][] = []
  const order = (a: Bind, b: Bind) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0)
  for (const bind of binds.toSorted(order)) {
    const group = groups.find(([root]) => isWithin(bind.source, root.source))
    if (group === undefined) groups.push([bind])
    else group.push(bind)
  }
  return groups
}

function baseOf(
  binds: readonly [Bind, ...Bind[]],
): Pick<BindTree, 'root' | 'shown' | 'inProject' | 'binds' | 'volume'> {
  const [{ source: root, shown, inProject }] = binds
  const named = binds.find(({ source, volume }) => source === root && volume !== undefined)
  return { root, shown, inProject, binds, volume: named?.volume ?? shown }
}

function hostTree(binds: readonly [Bind, ...Bind[]]): BindTree {
  const base = baseOf(binds)
  const cause = isEngineSocket(base.root) ? because('engine-socket') : because('system-path')
  return { ...base, isFile: false, kind: 'host', unsure: false, because: cause }
}

function imageTree(binds: readonly [Bind, ...Bind[]]): BindTree {
  const services = [...new Set(binds.map(({ service }) => service.service))].join(', ')
  const cause = because('in-image', { services })
  return { ...baseOf(binds), isFile: false, kind: 'image', unsure: false, because: cause }
}

function decidedTree(conversion: Conversion, binds: readonly [Bind, ...Bind[]]): BindTree {
  const base = baseOf(binds)
  return { ...base, ...decideTree(conversion, base) }
}
