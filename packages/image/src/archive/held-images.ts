import { Buffer } from 'node:buffer'
import { collect, digestOf, isDigest, parseObject } from '../blob.ts'
import { descriptorOf, isObject } from '../manifest-shape.ts'
import type { ImageSource } from '../source.ts'
import { orUnreadable, Unreadable } from '../unreadable.ts'
import { type Folder, folderAt, folderIn, smallFile } from './folder.ts'
import type { ReadRange } from './read-range.ts'

/** A folder or archive with images. */
export interface HeldImages {
  source: ImageSource
  /** Name of an image (`redis:7`) → its digest. */
  names: ReadonlyMap<string, string>
}

/**
 * Opens an OCI layout, as a folder or as a tar archive, or what `docker save` wrote.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 * Gives a sentence where it is none of them.
 */
export async function openImages(
  path: string,
  isDirectory: boolean,
  read: ReadRange,
): Promise<{ ok: true; images: HeldImages } | { ok: false; problem: string }> {
  try {
    const folder = isDirectory ? folderAt(path, read) : await folderIn(path, read)
    const index = await smallFile(folder, 'index.json')
    if (index !== undefined) return { ok: true, images: layout(folder, index) }
    const saved = orUnreadable(
      await smallFile(folder, 'manifest.json'),
      'neither an OCI layout nor a docker save archive',
    )
    return { ok: true, images: await dockerArchive(folder, saved) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message }
    throw error
  }
}

const LARGEST_MANIFEST = 4 * 1024 ** 2

/** Under which annotations tools write the name of an image, the full name first. */
const NAMES = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']

function layout(folder: Folder, index: Uint8Array): HeldImages {
  const { manifests } = parseObject(index, 'index.json')
  const names = new Map<string, string>()
  for (const entry of Array.isArray(manifests) ? manifests : []) {
    const { digest, annotations } = isObject(entry) ? entry : {}
    if (!isDigest(digest)) continue
    for (const key of NAMES) {
      const name = isObject(annotations) ? annotations[key] : undefined
      if (typeof name === 'string' && !names.has(name)) names.set(name, digest)
    }
  }
  const blob = (digest: string) => {
    if (!isDigest(digest)) throw new Unreadable(`"${digest}" is not a valid digest`)
    return folder(`blobs/${digest.replace(':', '/')}`)
  }
  return { source: sourceOf(names, blob), names }
}

/** What `docker save` wrote before it wrote OCI layouts: layers by their path, without digests of their own. */
async function dockerArchive(folder: Folder, saved: Uint8Array): Promise<HeldImages> {
  const entries = savedImages(saved)
  const names = new Map<string, string>()
  const paths = new Map<string, string>()
  const manifests = new Map<string, Uint8Array>()
  for (const { Config, RepoTags, Layers } of entries) {
    const config = orUnreadable(await smallFile(folder, Config), `${Config} is missing`)
    const { rootfs } = parseObject(config, Config)
    const ids = isObject(rootfs) && Array.isArray(rootfs.diff_ids) ? rootfs.diff_ids : []
    const layers = ids.map((digest) => descriptorOf({ digest }, Config))
    for (const [index, { digest }] of layers.entries()) paths.set(digest, Layers[index] ?? '')
    paths.set(digestOf(config), Config)
    const manifest = Buffer.from(JSON.stringify({ config: { digest: digestOf(config) }, layers }))
    manifests.set(digestOf(manifest), manifest)
    for (const name of RepoTags ?? []) names.set(name, digestOf(manifest))
  }
  const blob = (digest: string) => folder(paths.get(digest) ?? digest)
  const source = sourceOf(names, blob)
  return {
    names,
    source: {
      ...source,
      manifest: async (wanted) =>
        manifests.get(names.get(wanted) ?? wanted) ?? source.manifest(wanted),
    },
  }
}

interface SavedImage {
  Config: string
  RepoTags?: string[] | null
  Layers: string[]
}

function savedImages(saved: Uint8Array): SavedImage[] {
  const entries: unknown = parseObject(
    Buffer.from(`{"images":${Buffer.from(saved).toString('utf8')}}`),
    'manifest.json',
  ).images
  const areTexts = (value: unknown) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string')
  const isImage = (one: unknown): one is SavedImage =>
    isObject(one) &&
    typeof one.Config === 'string' &&
    areTexts(one.Layers) &&
    (one.RepoTags === undefined || one.RepoTags === null || areTexts(one.RepoTags))
  if (!Array.isArray(entries) || !entries.every(isImage))
    throw new Unreadable('manifest.json is not in the format of docker save')
  return entries
}

function sourceOf(
  names: ReadonlyMap<string, string>,
  blob: (digest: string) => ReturnType<Folder>,
): ImageSource {
  return {
    blob,
    async manifest(wanted) {
      const digest = names.get(wanted) ?? wanted
      if (!isDigest(digest)) throw new Unreadable('the image is not in it')
      return collect(blob(digest), LARGEST_MANIFEST)
    },
  }
}
