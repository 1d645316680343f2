import { posix } from 'node:path'
import { copyInto, unpack } from './copies.ts'
import type { Json } from './json.ts'

/** What a container finds at its paths. */
export interface Files {
  /** The mount that a path is on. */
  mountAt(path: string): { mount: Json; volume: Json } | undefined
  /** The bytes of a file that comes from a ConfigMap or a Secret; undefined where there is none. */
  read(path: string): Uint8Array | undefined
  /** The mode of such a file. */
  mode(path: string): number | undefined
  /** Whether an init container fills what is mounted at a path. */
  isFilled(path: string): boolean
  /** The ConfigMap or Secret that a path comes from and that the objects do not hold. */
  outside(path: string): string | undefined
}

type Find = (kind: string, name: string) => Json | undefined

/** A key of a ConfigMap or Secret, at a path of a volume. */
interface Item {
  kind: string
  name: string
  key: string
  mode: number
}

/** A file as the program finds it. */
interface Found {
  bytes: Uint8Array
  mode: number
}

export function filesOf(container: Json, workload: Json, pod: Json, find: Find): Files {
  const mounts: Json[] = [...(container.volumeMounts ?? [])].sort(
    (a, b) => b.mountPath.length - a.mountPath.length,
  )
  const mountAt: Files['mountAt'] = (path) => {
    const mount = mounts.find(({ mountPath }) => isWithin(path, mountPath))
    if (mount === undefined) return undefined
    const template = (workload.spec?.volumeClaimTemplates ?? []).find(
      ({ metadata }: Json) => metadata.name === mount.name,
    )
    const volume =
      (pod.volumes ?? []).find(({ name }: Json) => name === mount.name) ??
      (template && { name: mount.name, persistentVolumeClaim: { claimName: mount.name } })
    return volume === undefined ? undefined : { mount, volume }
  }
  const itemAt = (path: string): Item | undefined => {
    const found = mountAt(path)
    if (found === undefined) return undefined
    const { mount, volume } = found
    const below = posix.relative(clean(mount.mountPath), clean(path))
    return itemOf(volume, posix.join(mount.subPath ?? '', below), find)
  }
  const archives = new Map<string, Map<string, Found>>()
  const readItem = (item: Item | undefined): Found | undefined => {
    const object = item === undefined ? undefined : find(item.kind, item.name)
    const bytes = item === undefined || object === undefined ? undefined : bytesOf(object, item.key)
    return item === undefined || bytes === undefined ? undefined : { bytes, mode: item.mode }
  }
  const inVolumeOf = (mount: Json, path: string): string =>
    posix.join(mount.subPath ?? '', posix.relative(clean(mount.mountPath), clean(path)))
  /** A file that an init container copies or unpacks to where the path is. */
  const readCopy = (path: string): Found | undefined => {
    const { mount, volume } = mountAt(path) ?? {}
    if (mount === undefined) return undefined
    const inVolume = inVolumeOf(mount, path)
    const copy = copyInto(pod, mount.name, inVolume)
    if (copy === undefined) return undefined
    if (copy.how === 'copy') return readItem(itemOf(copy.volume, inVolume, find))
    const id = `${volume.name} ${copy.from}`
    const archive =
      archives.get(id) ?? unpack(Buffer.concat(partsOf(copy.volume, copy.from, readItem)))
    archives.set(id, archive)
    return archive.get(posix.join(copy.below, posix.relative(copy.into, inVolume)))
  }
  const found = (path: string): Found | undefined => readItem(itemAt(path)) ?? readCopy(path)
  return {
    mountAt,
    read: (path) => found(path)?.bytes,
    mode: (path) => found(path)?.mode,
    isFilled(path) {
      const { mount } = mountAt(path) ?? {}
      return mount !== undefined && copyInto(pod, mount.name, inVolumeOf(mount, path)) !== undefined
    },
    outside(path) {
      const item = itemAt(path)
      return item !== undefined && find(item.kind, item.name) === undefined ? item.name : undefined
    },
  }
}

/** The parts of an archive in the order of their names. */
function partsOf(
  volume: Json,
  folder: string,
  read: (item: Item) => Found | undefined,
): Uint8Array[] {
  const sources: Json[] = volume.projected?.sources ?? [volume]
  return sources
    .flatMap(({ configMap, secret }): [string, Item][] => {
      const [kind, source] = configMap ? ['ConfigMap', configMap] : ['Secret', secret]
      return (source?.items ?? []).map(({ key, path }: Json) => [
        path,
        { kind, name: source.name ?? source.secretName, key, mode: 0o444 },
      ])
    })
    .filter(([path]) => posix.dirname(path) === folder)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, item]) => read(item)?.bytes ?? [])
}

function clean(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, '')
}

/** Whether a path is a folder or lies in it. */
function isWithin(path: string, folder: string): boolean {
  const relative = posix.relative(clean(folder), clean(path))
  return relative === '' || !relative.startsWith('..')
}

/** What a volume has at a path of its own. */
function itemOf(volume: Json, path: string, find: Find): Item | undefined {
  const sources: Json[] = volume.projected?.sources ?? [volume]
  for (const source of sources)
    for (const [kind, value] of [
      ['ConfigMap', source.configMap],
      ['Secret', source.secret],
    ]) {
      if (value === undefined) continue
      const name = value.name ?? value.secretName
      const usual = volume.projected?.defaultMode ?? value.defaultMode ?? 0o644
      if (value.items === undefined) {
        const object = find(kind, name)
        if (object === undefined || bytesOf(object, path) !== undefined)
          return { kind, name, key: path, mode: usual }
        continue
      }
      const item = value.items.find((one: Json) => clean(one.path) === clean(path))
      if (item !== undefined) return { kind, name, key: item.key, mode: item.mode ?? usual }
    }
  return undefined
}

/** The bytes under a key of a ConfigMap or Secret. */
export function bytesOf(
  { kind, data, binaryData, stringData }: Json,
  key: string,
): Uint8Array | undefined {
  const text = stringData?.[key] ?? (kind === 'Secret' ? undefined : data?.[key])
  if (text !== undefined) return Buffer.from(text, 'utf8')
  const encoded = kind === 'Secret' ? data?.[key] : binaryData?.[key]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64')
}
