import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { digestOf } from './blob.ts'

/** An image as tests make it: every blob by its digest, and the digest of its manifest. */
export interface MadeImage {
  blobs: Map<string, Uint8Array>
  digest: string
  /** Layers as they are before they are compressed. */
  archives: Uint8Array[]
  config: Uint8Array
}

/** A real image: layers packed by the system's tar, config and manifest as Docker or OCI tools write them. */
export function makeImage(
  config: Record<string, unknown>,
  layers: readonly Record<string, string>[] = [],
  { flavour = 'oci', architecture = 'amd64', tarOptions = [] as string[] } = {},
): MadeImage {
  const archives = layers.map((files) => tarOf(files, tarOptions))
  const packed = archives.map((archive) => gzipSync(archive))
  const blob = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture,
      config,
      rootfs: { type: 'layers', diff_ids: archives.map(digestOf) },
    }),
  )
  const prefix =
    flavour === 'oci' ? 'application/vnd.oci.image' : 'application/vnd.docker.distribution'
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${prefix}.manifest.v${flavour === 'oci' ? 1 : 2}+json`,
      config: { digest: digestOf(blob), size: blob.length },
      layers: packed.map((bytes) => ({ digest: digestOf(bytes), size: bytes.length })),
    }),
  )
  const blobs = new Map([manifest, blob, ...packed].map((bytes) => [digestOf(bytes), bytes]))
  return { blobs, digest: digestOf(manifest), archives, config: blob }
}

/** An index over images of several platforms. */
export function makeIndex(images: Readonly<Record<string, MadeImage>>): MadeImage {
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: Object.entries(images).map(([platform, { digest }]) => {
        const [os, architecture, variant] = platform.split('/')
        return { digest, platform: { os, architecture, ...(variant ? { variant } : {}) } }
      }),
    }),
  )
  const blobs = new Map(Object.values(images).flatMap((image) => [...image.blobs]))
  const [first] = Object.values(images)
  return {
    ...(first as MadeImage),
    blobs: blobs.set(digestOf(index), index),
    digest: digestOf(index),
  }
}

/** An archive of files by their path, made by the system's tar. */
export function tarOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: string[] = [],
) {
  const directory = mkdtempSync(join(tmpdir(), 'image-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), content)
      chmodSync(join(directory, path), 0o644)
    }
    return execFileSync('tar', ['-C', directory, ...options, '-cf', '-', '.'], {
      maxBuffer: 64 * 1024 ** 2,
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
}
