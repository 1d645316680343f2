import type { Conversion } from '../../conversion.ts'
import type { Because } from '../../plan/because.ts'
import type { Bind, BindTree } from './bind.ts'
import { because } from './causes.ts'
import { type Contents, contentsOf } from './contents.ts'
import { existingPath, missingPath, writtenPath } from './named-paths.ts'
import { isDropIn, isOfBoth, placeOf, placeOfSource } from './places.ts'

/** One sign, for storage or for configuration. */
interface Sign {
  points: number
  because: Because
}

type Undecided = Pick<BindTree, 'root' | 'shown' | 'inProject' | 'binds'>

/** Points that configuration needs at the least: what is thin stays storage. */
const ENOUGH = 2

/** Points of a sign that leaves no doubt. */
const SURE = 4

/** Weighs what shows whether a directory that somebody may write holds data; losing data is worse than a claim too many. */
export function directoryEvidence(
  conversion: Conversion,
  tree: Undecided,
): Pick<BindTree, 'kind' | 'because' | 'unsure'> {
  const content = contentsOf(conversion.files, tree.root)
  const storage = strongestFirst(
    tree.binds.flatMap((bind) => storageSigns(conversion, tree, bind, content)),
  )
  const config = strongestFirst(configSigns(tree, content))
  const forStorage = sum(storage)
  const forConfig = sum(config)
  const unsure = forStorage === 0 || Math.abs(forStorage - forConfig) < 2
  const [strongest] = config
  if (strongest !== undefined && forConfig >= ENOUGH && forConfig > forStorage)
    return {
      kind: 'config',
      because: strongest.because,
      unsure: forConfig - forStorage < 2 || isOnlyByItself(conversion, tree, config),
    }
  const writer = tree.binds.find(({ written }) => written) as Bind
  return {
    kind: 'storage',
    because: storage[0]?.because ?? because('thin-storage', saidOf(writer)),
    unsure: unsure && (storage[0]?.points ?? 0) < SURE,
  }
}

/**
 * Whether nothing but the directory itself shows that it is configuration: programs add files to such directories, too. A program that
 * gets the path of one of the files reads it.
 */
function isOnlyByItself(
  conversion: Conversion,
  { binds }: Undecided,
  signs: readonly Sign[],
): boolean {
  return (
    signs.every(({ because: { code } }) => code === 'bind/config-text') &&
    binds.some((bind) => bind.written && existingPath(conversion, bind) === undefined)
  )
}

/** One sign of a kind counts once, at whichever mount it shows. */
function sum(signs: readonly Sign[]): number {
  const points = new Map<string, number>()
  for (const sign of signs)
    points.set(sign.because.code, Math.max(sign.points, points.get(sign.because.code) ?? 0))
  return [...points.values()].reduce((total, one) => total + one, 0)
}

function strongestFirst(signs: readonly Sign[]): Sign[] {
  return signs.toSorted((a, b) => b.points - a.points)
}

function saidOf({ service, target }: Bind): { services: string; target: string } {
  return { services: service.service, target }
}

function storageSigns(
  conversion: Conversion,
  { root, shown, binds }: Undecided,
  bind: Bind,
  content: Contents,
): Sign[] {
  if (!bind.written) return []
  const said = saidOf(bind)
  const signs: Sign[] = []
  const { image, plan } = bind.service
  if (content.placeholders && !isDropIn(bind.target))
    signs.push({ points: 4, because: because('no-files', said) })
  if (content.database !== undefined)
    signs.push({ points: 5, because: because('database', { ...said, file: content.database }) })
  if (placeOf(bind.target) === 'state')
    signs.push({
      points: bind.target === '/config' ? 4 : 3,
      because: because('state-target', said),
    })
  if (placeOfSource(shown) === 'state' && !isDropIn(bind.target))
    signs.push({ points: 2, because: because('state-source', said) })
  if ((image.facts.volumes ?? []).some((volume) => overlaps(volume, bind.target)))
    signs.push({ points: 4, because: because('image-volume', said) })
  const others = binds.filter(
    ({ service, written }) =>
      service !== bind.service && (!written || service.plan.image !== plan.image),
  )
  if (others.length > 0 && !isDropIn(bind.target)) {
    const readers = [...new Set(others.map(({ service }) => service.service))].join(' and ')
    signs.push(
      plan.kind === 'Job' && others.some(({ written }) => !written)
        ? { points: 4, because: because('one-shot', { services: said.services, readers }) }
        : {
            points: others.some(({ written }) => written) ? 3 : 1,
            because: because('shared', { ...said, readers }),
          },
    )
  }
  const written = writtenPath(conversion, bind)
  if (written !== undefined)
    signs.push({
      points: 6,
      because: because('command-writes', { services: said.services, path: written }),
    })
  const path = missingPath(conversion, bind, root)
  if (path !== undefined)
    signs.push({ points: 5, because: because('path-in-text', { services: said.services, path }) })
  return signs
}

function overlaps(volume: string, target: string): boolean {
  const path = volume.replace(/\/$/, '')
  return target === path || target.startsWith(`${path}/`) || path.startsWith(`${target}/`)
}

function configSigns({ shown, binds }: Undecided, content: Contents): Sign[] {
  const writers = binds.filter(({ written }) => written)
  const signs: Sign[] = []
  const places = writers.map(({ target }) => placeOf(target))
  const [{ target }] = writers as [Bind]
  if (places.every((place) => place === 'config' || place === 'static'))
    signs.push({
      points: writers.every(({ target }) => isOfBoth(target)) ? 2 : 3,
      because: because('config-target', { target }),
    })
  const named = placeOfSource(shown) === 'config'
  if (content.configuration && !content.placeholders)
    signs.push({ points: named ? 2 : 1, because: because('config-text') })
  return signs
}
