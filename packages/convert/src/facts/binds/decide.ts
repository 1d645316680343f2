import type { Conversion } from '../../conversion.ts'
import { LARGEST_TREE, MOST_ENTRIES } from '../mounts/sizes.ts'
import { readTree } from '../mounts/tree.ts'
import type { Bind, BindTree } from './bind.ts'
import { because } from './causes.ts'
import { isConfigFile, isStateFile } from './contents.ts'
import { directoryEvidence } from './evidence.ts'
import { writtenPath } from './named-paths.ts'
import { settingsOfTree } from './overruled.ts'
import { placeOf } from './places.ts'

type Undecided = Pick<BindTree, 'root' | 'shown' | 'inProject' | 'binds' | 'volume'>

type Decision = Pick<BindTree, 'kind' | 'because' | 'unsure' | 'isFile' | 'tooLarge'>

/** Names with one of these ends are files also where nothing lies on this machine. */
const FILE_NAME =
  /[^/]\.(ya?ml|json|conf|cfg|cnf|ini|toml|env|xml|sh|sql|db|sqlite3?|log|pem|crt|cer|key|txt|properties|js|py|lua|htpasswd)$/i

/** Whether a path is that of a file by its name. */
export function isFileName(path: string): boolean {
  return FILE_NAME.test(path)
}

/** What becomes of a tree: what landfall.yaml says, else what the evidence is for. */
export function decideTree(conversion: Conversion, tree: Undecided): Decision {
  const isFile = isFileRoot(conversion, tree)
  const declared = isAllowed(conversion, tree) ? 'host' : settingsOfTree(conversion, tree).as
  const found: Omit<Decision, 'isFile'> =
    declared !== undefined
      ? { kind: declared, because: because('declared'), unsure: false }
      : isFile
        ? decideFile(conversion, tree)
        : tree.inProject
          ? decideDirectory(conversion, tree)
          : decideOutside(tree)
  if (found.kind === 'config' && !tree.inProject && isTooLarge(conversion, tree, found.kind))
    return {
      kind: 'storage',
      because: because('outside-read', saidOf(tree.binds[0] as Bind)),
      unsure: true,
      isFile,
    }
  const tooLarge =
    found.kind !== 'host' && tree.inProject && isTooLarge(conversion, tree, found.kind)
  if (!tooLarge) return { ...found, isFile }
  return {
    ...(found.kind === 'storage'
      ? found
      : { kind: 'storage', because: because('too-large'), unsure: false }),
    isFile,
    tooLarge,
  }
}

/** A path of the node that landfall.yaml allows to a service. */
function isAllowed({ services }: Conversion, { root, inProject }: Undecided): boolean {
  return !inProject && services.some(({ settings }) => settings.host?.paths?.includes(root))
}

/** Where the project has nothing, and outside of it, the name decides: what lies on this machine is not what lies on another. */
function isFileRoot({ files }: Conversion, { root, inProject }: Undecided): boolean {
  const kind = inProject ? files.stat(root)?.kind : undefined
  return kind === undefined ? isFileName(root) : kind === 'file'
}

/** Configuration is mounted piece by piece, storage is filled as a whole. */
function isTooLarge(
  { files }: Conversion,
  { root, binds }: Undecided,
  kind: BindTree['kind'],
): boolean {
  const most = { bytes: LARGEST_TREE, entries: MOST_ENTRIES }
  const paths = kind === 'config' ? new Set(binds.map(({ source }) => source)) : [root]
  return [...paths].some((path) => readTree(files, path, most).tooLarge)
}

function decideFile(
  conversion: Conversion,
  { root, inProject, binds }: Undecided,
): Omit<Decision, 'isFile'> {
  const { files } = conversion
  const writer = binds.find(({ written }) => written)
  if (writer === undefined) return { kind: 'config', because: because('read-only'), unsure: false }
  const { target } = writer
  const said = { services: writer.service.service, target }
  const place = placeOf(target.slice(0, target.lastIndexOf('/')) || '/')
  if (isStateFile(root, target) && !/^\/(etc\/passwd|etc\/shadow|etc\/group)$/.test(target))
    return { kind: 'storage', because: because('state-file', said), unsure: false }
  for (const bind of inProject ? binds.filter(({ written }) => written) : []) {
    const path = writtenPath(conversion, bind)
    const services = bind.service.service
    if (path !== undefined)
      return {
        kind: 'storage',
        because: because('command-writes', { services, path }),
        unsure: false,
      }
  }
  const configured = isConfigFile(root) || isConfigFile(target)
  if (inProject && files.stat(root)?.size === 0 && !(configured && place === 'config'))
    return { kind: 'storage', because: because('empty-file', said), unsure: false }
  const isJson = /\.json$/i.test(root)
  if (place === 'state' && isJson && !configured)
    return { kind: 'storage', because: because('state-place', said), unsure: false }
  if (place === 'state' && inProject && !isHome(target) && !SCRIPT.test(root))
    return { kind: 'storage', because: because('state-place', said), unsure: true }
  if (place === 'config' || place === 'static')
    return { kind: 'config', because: because('config-target', { target }), unsure: false }
  if (configured) return { kind: 'config', because: because('config-file'), unsure: false }
  return { kind: 'config', because: because('thin-config', said), unsure: true }
}

/** Files that programs run and do not write; a dump of a database has another name. */
const SCRIPT = /(^|\/)(?![^/]*(dump|backup|export))[^/]*\.(sql|sh|bash|py|lua)$/i

/** Where people put files for programs as often as programs write their own. */
function isHome(target: string): boolean {
  return /^\/(root|home\/[^/]+)\//.test(target)
}

function decideDirectory(conversion: Conversion, tree: Undecided): Omit<Decision, 'isFile'> {
  const { binds } = tree
  const written = binds.some((bind) => bind.written)
  if (!written) return { kind: 'config', because: because('read-only'), unsure: false }
  return directoryEvidence(conversion, tree)
}

/**
 * A directory outside of the project is decided by its mounts alone. One that is only read is configuration where it goes to a
 * place of configuration; else it is data that somebody brings.
 */
function decideOutside({ binds }: Undecided): Omit<Decision, 'isFile'> {
  const writer = binds.find(({ written }) => written)
  if (writer !== undefined)
    return { kind: 'storage', because: because('outside', saidOf(writer)), unsure: true }
  const [first] = binds as [Bind]
  if (binds.every(({ target }) => placeOf(target) === 'config'))
    return { kind: 'config', because: because('read-only'), unsure: false }
  return { kind: 'storage', because: because('outside-read', saidOf(first)), unsure: true }
}

function saidOf({ service, target }: Bind): { services: string; target: string } {
  return { services: service.service, target }
}
