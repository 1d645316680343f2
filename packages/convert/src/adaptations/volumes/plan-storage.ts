import { basename, relative } from 'node:path/posix'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Bind, BindTree, BoundMount } from '../../facts/binds/bind.ts'
import { isFileName } from '../../facts/binds/decide.ts'
import { treeDigest } from '../../facts/binds/tree-digest.ts'
import { LARGEST_TREE, MOST_ENTRIES } from '../../facts/mounts/sizes.ts'
import { readTree } from '../../facts/mounts/tree.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { FileContent, FileMount, VolumeMount } from '../../plan/plan.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import { ownerOf } from '../files/owner.ts'
import { isSecretFile } from '../files/secret-files.ts'
import { reason } from './reasons.ts'

/** Where the claim of a tree begins: what a file system keeps for itself (`lost+found`) stays outside. */
const ROOT = 'data'

/** A part of a tree that is storage: the same part of its claim, which is filled with the tree of the project. */
export function planStorage(
  conversion: Conversion,
  service: ServiceConversion,
  { bind, tree }: BoundMount,
): void {
  const { mounted, source, written } = bind
  const { mount, keys } = mounted
  const filled = knownFill(conversion, tree)
  service.plan.volumes.push({
    volume: tree.volume,
    target: mount.target,
    readOnly: !written,
    ...partOf(tree, source, filled !== undefined),
    ...(isFilePart(conversion, tree, source) ? { file: true } : {}),
    copyContent:
      bind.volume !== undefined && filled === undefined && written && tree.root === source,
    ...(filled === undefined && written && bind.volume === undefined
      ? preparedFor(tree, bind)
      : {}),
    ephemeral: false,
  })
  const fills = service.plan.files.some(({ fills: one }) => one?.volume === tree.volume)
  if (filled !== undefined && !fills)
    service.plan.files.push({
      ...filled,
      files: filled.files.map((file) => ({ ...file })),
      target: mount.target,
      pointer: service.at(...keys),
    })
  service.add(keys, ledgerOf(bind, tree, filled))
}

/** Whether a part of a tree is a file; where the project has nothing, its name decides. */
function isFilePart(
  { files }: Conversion,
  { root, isFile, inProject }: BindTree,
  source: string,
): boolean {
  if (source === root) return isFile
  const kind = inProject ? files.stat(source)?.kind : undefined
  return kind === undefined ? isFileName(source) : kind === 'file'
}

/** Files that are mounted and that the project does not have: a mount would make a directory of each. */
function emptyFiles(conversion: Conversion, tree: BindTree): FileContent[] {
  const { root, isFile, inProject, binds } = tree
  const paths = new Set(
    binds
      .filter(({ source }) => !inProject || conversion.files.stat(source) === undefined)
      .filter(({ source }) => isFilePart(conversion, tree, source))
      .map(({ source }) => (isFile ? basename(root) : relative(root, source))),
  )
  return [...paths].sort().map((path) => ({ path, bytes: new Uint8Array(), mode: 0o600 }))
}

/** A part of the claim: below the root of a directory, or the file by its name. A named volume without files is as others are. */
function partOf(
  { root, isFile, binds }: BindTree,
  source: string,
  filled: boolean,
): { subPath?: string } {
  const inside = isFile ? basename(root) : relative(root, source)
  const begin = filled || binds.some(({ volume }) => volume === undefined) ? [ROOT] : []
  const subPath = [...begin, ...(inside === '' ? [] : [inside])].join('/')
  return subPath === '' ? {} : { subPath }
}

type FillOfTree = Omit<FileMount, 'target'> | undefined

const known = new WeakMap<BindTree, { fill: FillOfTree }>()

/** A tree is read once, however many services mount it. */
function knownFill(conversion: Conversion, tree: BindTree): FillOfTree {
  const found = known.get(tree) ?? { fill: fillOf(conversion, tree) }
  known.set(tree, found)
  return found.fill
}

/** What the project has for the claim; undefined where it has nothing. */
function fillOf(conversion: Conversion, tree: BindTree): FillOfTree {
  const { root, shown, isFile, inProject, volume, tooLarge } = tree
  const fills = { volume, path: ROOT, shown }
  const known = knownSecretsOf(conversion)
  const base = { from: 'bind' as const, tree: true }
  const missing = emptyFiles(conversion, tree)
  if (!inProject || conversion.files.stat(root) === undefined)
    return missing.length === 0 ? undefined : { ...base, files: missing, ...ownedBy(tree), fills }
  if (tooLarge === true)
    return {
      ...base,
      files: [],
      fills: {
        ...fills,
        upload: treeDigest(conversion.files, root, conversion.leftOut, (path, bytes) =>
          isSecretFile(path, bytes, known),
        ),
      },
    }
  const read = readTree(conversion.files, root, { bytes: LARGEST_TREE, entries: MOST_ENTRIES })
  if (read.files.length + missing.length === 0 && read.directories.length <= 1) return undefined
  return {
    ...base,
    files: [
      ...read.files.map((file) => ({
        ...file,
        path: isFile ? basename(root) : file.path,
        ...(isSecretFile(file.path || root, file.bytes, known) ? { secret: true } : {}),
      })),
      ...missing,
    ],
    ...(isFile ? {} : { directories: read.directories }),
    ...ownedBy(tree),
    fills,
  }
}

/** The first program that writes and is not root owns what the project has; every pod fills the claim alike. */
function ownedBy({ binds }: BindTree): { owner?: string } {
  for (const { written, service } of binds) {
    const owner = written ? ownerOf(service) : undefined
    if (owner !== undefined) return { owner }
  }
  return {}
}

/**
 * Owner and mode of a directory that nothing fills. The root of a new volume belongs to root, and only root may write there: what
 * a program that is not root mounts is made for it, and is open to all where several services write it.
 */
function preparedFor({ binds }: BindTree, { source }: Bind): Pick<VolumeMount, 'prepared'> {
  const writers = binds.filter((bind) => bind.written && bind.source === source)
  const owner = writers.flatMap(({ service }) => ownerOf(service) ?? [])[0]
  if (owner === undefined) return {}
  const services = new Set(writers.map(({ service }) => service.service))
  return { prepared: { owner, mode: services.size > 1 ? 0o777 : 0o755 } }
}

function ledgerOf(
  bind: Bind,
  { shown, because, inProject, volume, binds }: BindTree,
  filled: FillOfTree,
): Reason {
  const upload = filled?.fills?.upload
  if (upload !== undefined && bind !== binds[0])
    return reason('uploaded', { why: because.text, volume })
  if (upload !== undefined)
    return reason('upload', {
      volume,
      files: filesOf(upload.files),
      size: `${Math.ceil(upload.bytes / 1024 / 1024)} MiB`,
    })
  if (!inProject) return reason('storage-outside', { why: because.text, path: shown, volume })
  return filled === undefined
    ? reason('storage', { why: because.text, volume })
    : reason('storage-filled', {
        why: because.text,
        files: filesOf(filled.files.length),
        volume,
      })
}

function filesOf(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
