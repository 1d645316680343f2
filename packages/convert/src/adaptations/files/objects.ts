import { Buffer } from 'node:buffer'
import { basename } from 'node:path/posix'
import { toPointer } from '@landfall/diagnostic'
import type { Derived, KubeObject, ObjectMeta, RoleId } from '@landfall/kube'
import { FILL_SCRIPT, shortHash, type TarEntry, tarOf, toDataKey, toDnsLabel } from '@landfall/kube'
// the one for Node.js loads what makes threads
import { gzipSync } from 'fflate/browser'
import { LARGEST_OBJECT } from '../../facts/mounts/sizes.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import { numbered, splitBySize } from '../../objects/split-by-size.ts'
import type { FileContent, FileEdit, FileMount, Plan, ServicePlan } from '../../plan/plan.ts'
import { type Content, contentOf, storedSize } from './content.ts'
import { deliveryOf } from './delivery.ts'
import { FILL_FILE, fillsClaims } from './fill/fill-container.ts'
import { filledTree } from './fill/filled-tree.ts'

interface Entry {
  key: string
  /** In the pod's volume: the number of the mount, then the path below its target. */
  path: string
  mode: number
  value: Content
  size: number
  secret: boolean
  edits?: readonly FileEdit[]
  /** Name and hash of the archive that this is a part of, before it was compressed, without what is secret. */
  archive?: string
}

/** On a ConfigMap or Secret with parts of archives: a hash of what the archives hold that is not secret, whatever compressed them. */
const ARCHIVES = 'checksum.landfall.dev/archives'

/** Bytes of an archive in one object, where they are base64. */
const PART = Math.floor(((LARGEST_OBJECT - 300) * 3) / 4)

export interface FileObjects {
  objects: Map<RoleId, KubeObject>
  /** Each object as a source of a projected volume. */
  sources: Record<string, unknown>[]
  /** What hashes read of objects with parts of archives: never compressed bytes. */
  hashed: Map<RoleId, Derived['inputs']>
  /** Files that are not secret in which landfall.yaml sets values. */
  edited: EditedFile[]
}

/** A file in a ConfigMap. */
export interface EditedFile {
  object: RoleId
  key: string
  text: string
  edits: readonly FileEdit[]
}

/** The ConfigMaps and Secrets that hold the files of a service. */
export function fileObjects(plan: Plan, service: ServicePlan): FileObjects {
  const mounts = service.files
  const taken = new Set<string>()
  const entries = mounts.flatMap((mount, index) => entriesOf(plan, mount, index, taken))
  const own = pack(entries, (secret, number) => {
    const kind = secret ? 'secrets' : 'files'
    return metadataFor(plan, `${service.name}-${kind}${numbered(number)}`, service)
  })
  const trees = mounts.flatMap((mount, index) => treeObjects(plan, mount, index))
  const all = [own, ...(fillsClaims(service) ? [scriptObject(plan)] : []), ...trees]
  return {
    objects: new Map(all.flatMap(({ objects }) => [...objects])),
    sources: [...all.flatMap(({ sources }) => sources), ...mounts.flatMap(externalSource)],
    hashed: new Map(all.flatMap(({ hashed }) => [...hashed])),
    edited: own.edited,
  }
}

/** Objects that hold the entries, secret ones apart. */
function pack(
  entries: readonly Entry[],
  metadataOf: (secret: boolean, number: number) => ObjectMeta,
): FileObjects {
  const objects: FileObjects['objects'] = new Map()
  const sources: Record<string, unknown>[] = []
  const hashed: FileObjects['hashed'] = new Map()
  const edited: EditedFile[] = []
  for (const secret of [false, true]) {
    const wanted = entries.filter((entry) => entry.secret === secret)
    for (const [number, part] of splitBySize(wanted).entries()) {
      const object = toObject(metadataOf(secret, number), part, secret)
      const role = `${object.kind.toLowerCase()}/${object.metadata.name}`
      objects.set(role, object)
      if (part.some(({ archive }) => archive !== undefined))
        hashed.set(role, uncompressed(role, object, part))
      sources.push(toSource(object, part))
      for (const { key, value, edits } of part)
        if (!secret && edits !== undefined && 'text' in value)
          edited.push({ object: role, key, text: value.text, edits })
    }
  }
  return { objects, sources, hashed, edited }
}

/** The tree of the project that fills a claim: the same objects for all pods that mount a part of it. */
function treeObjects(plan: Plan, mount: FileMount, index: number): FileObjects[] {
  const { fills } = mount
  if (fills === undefined || fills.upload !== undefined) return []
  const volume = plan.volumes.find((one) => one.volume === fills.volume)
  // rewritten names may differ from service to service: one of them decides for all
  const first = plan.services
    .flatMap(({ files }) => files)
    .find((one) => one.fills?.volume === fills.volume)
  const claim = volume?.claim ?? toDnsLabel(fills.volume)
  return [
    pack(archiveEntries(plan, first ?? mount, index, new Set()), (_, number) =>
      metadataFor(plan, `${claim}-tree${numbered(number)}`, undefined, volume),
    ),
  ]
}

/** The hash of the archives, and what is not a part of one and not secret. */
function uncompressed(role: RoleId, object: KubeObject, entries: Entry[]): Derived['inputs'] {
  const plain = entries
    .filter(({ archive, secret }) => archive === undefined && !secret)
    .map(({ key }) => key)
  return [
    toPointer(['metadata', 'annotations', ARCHIVES]),
    ...plain
      .sort()
      .map((key) =>
        toPointer([Object.hasOwn(object.data ?? {}, key) ? 'data' : 'binaryData', key]),
      ),
  ].map((pointer) => ({ object: role, pointer }))
}

/** The program that fills claims, the same for all pods. */
function scriptObject(plan: Plan): FileObjects {
  const size = storedSize(Buffer.from(FILL_SCRIPT))
  const value = { text: FILL_SCRIPT }
  const entry = { key: FILL_FILE, path: FILL_FILE, mode: 0o555, value, size, secret: false }
  return pack([entry], () => metadataFor(plan, 'landfall-fill'))
}

function entriesOf(plan: Plan, mount: FileMount, index: number, taken: Set<string>): Entry[] {
  if (mount.external !== undefined || mount.fills !== undefined) return []
  if (deliveryOf(mount) === 'unpacked') return archiveEntries(plan, mount, index, taken)
  return mount.files.map((file) => toEntry(mount, index, file, taken))
}

function toEntry(mount: FileMount, index: number, file: FileContent, taken: Set<string>): Entry {
  const path = file.path === '' ? basename(mount.target) : file.path
  const key = freeKey(path, mount, taken)
  const secret = mount.from === 'secret' || file.secret === true
  return {
    key,
    path: `${index}/${path}`,
    mode: file.mode,
    value: contentOf(file.bytes),
    size: key.length + storedSize(file.bytes, secret),
    secret,
    ...(file.edits !== undefined && { edits: file.edits }),
  }
}

function freeKey(path: string, mount: FileMount, taken: Set<string>): string {
  let key = toDataKey(path)
  if (taken.has(key)) key = toDataKey(`${shortHash(`${mount.target}/${path}`).slice(0, 6)}_${path}`)
  taken.add(key)
  return key
}

/**
 * The whole mount as one compressed archive in parts. The zlib of Node.js compresses otherwise from version to version and
 * from processor to processor; this one gives the same bytes everywhere.
 */
function archiveEntries(plan: Plan, mount: FileMount, index: number, taken: Set<string>): Entry[] {
  const tar = tarOfMount(mount)
  const archive = compressed(plan, shortHash(tar), tar)
  const open = mount.files.filter((file) => mount.from !== 'secret' && file.secret !== true)
  const secret = open.length < mount.files.length
  const hash = shortHash(secret ? tarOfMount({ ...mount, files: open }) : tar)
  const of = mount.fills === undefined ? basename(mount.target) || 'files' : 'tree'
  const name = `${of}.tar.gz`
  const parts = Math.ceil(archive.length / PART)
  return Array.from({ length: parts }, (_, number) => {
    const bytes = archive.subarray(number * PART, (number + 1) * PART)
    const part = `${name}.${String(number + 1).padStart(3, '0')}`
    const base64 = bytes.toString('base64')
    return {
      key: freeKey(part, mount, taken),
      path: `${index}/${part}`,
      mode: 0o444,
      value: { base64 },
      size: part.length + base64.length,
      secret,
      archive: `${name} ${hash}`,
    }
  })
}

function tarOfMount(mount: FileMount): Buffer {
  return tarOf(mount.fills === undefined ? treeOf(mount) : filledTree(mount, mount.fills))
}

function treeOf({ target, files, directories = [] }: FileMount): TarEntry[] {
  return [
    ...directories.map(({ path, mode }) => ({ path: path || '.', mode })),
    ...files.map(({ path, mode, bytes }) => ({ path: path || basename(target), mode, bytes })),
  ]
}

const archives = new WeakMap<Plan, Map<string, Buffer>>()

/** The archive with this hash, compressed once however many services mount it. */
function compressed(plan: Plan, hash: string, tar: Buffer): Buffer {
  const known = archives.get(plan) ?? new Map<string, Buffer>()
  archives.set(plan, known)
  const archive = known.get(hash) ?? Buffer.from(gzipSync(tar, { level: 9, mtime: 0 }))
  known.set(hash, archive)
  return archive
}

function toObject(metadata: ObjectMeta, entries: Entry[], secret: boolean): KubeObject {
  const text = entries.flatMap(({ key, value }) => ('text' in value ? [[key, value.text]] : []))
  const binary = entries.flatMap(({ key, value }) => ('text' in value ? [] : [[key, value.base64]]))
  const archives = [...new Set(entries.flatMap(({ archive }) => archive ?? []))]
  if (archives.length > 0)
    metadata.annotations = { ...metadata.annotations, [ARCHIVES]: shortHash(archives.join('\n')) }
  if (secret)
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: Object.fromEntries([
        ...text.map(([key, value]) => [key, Buffer.from(value as string).toString('base64')]),
        ...binary,
      ]),
    }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    ...(text.length === 0 ? {} : { data: Object.fromEntries(text) }),
    ...(binary.length === 0 ? {} : { binaryData: Object.fromEntries(binary) }),
  }
}

function toSource(object: KubeObject, entries: Entry[]): Record<string, unknown> {
  const items = entries.map(({ key, path, mode }) => ({ key, path, mode }))
  return {
    [object.kind === 'Secret' ? 'secret' : 'configMap']: { name: object.metadata.name, items },
  }
}

/** A config or secret that lies in the cluster under its name, with its content in a key of the same name. */
function externalSource(mount: FileMount, index: number): Record<string, unknown>[] {
  if (mount.external === undefined) return []
  const items = [{ key: mount.external, path: `${index}/${basename(mount.target)}` }]
  return [{ [mount.from === 'secret' ? 'secret' : 'configMap']: { name: mount.external, items } }]
}
