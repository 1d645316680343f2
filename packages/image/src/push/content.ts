import type { Layer } from './layer.ts'

/** What a container is started with, with the keys of the image specification. */
export interface ContainerConfig {
  Entrypoint?: string[]
  Cmd?: string[]
  Env?: string[]
  User?: string
  WorkingDir?: string
  /** `{ '6379/tcp': {} }` */
  ExposedPorts?: Record<string, Record<string, never>>
  /** `{ '/data': {} }` */
  Volumes?: Record<string, Record<string, never>>
  Labels?: Record<string, string>
  StopSignal?: string
  /** Times in nanoseconds. Of Docker's format: the OCI one has no health check. */
  Healthcheck?: {
    Test: string[]
    Interval?: number
    Timeout?: number
    StartPeriod?: number
    Retries?: number
  }
}

/** An image as it is pushed: the layers from the lowest to the highest. */
export interface Image {
  layers: readonly Layer[]
  config: ContainerConfig
  /** In Go's words; `amd64` if omitted. */
  architecture?: string
  /** An image of the same registry that has some of these layers: they are taken from there and not sent again. */
  layersOf?: string
}

/** Docker's formats (schema 2), because they carry HEALTHCHECK; every runtime reads them. */
export const mediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

/** The image's config blob. It holds no time, so that equal images have equal digests. */
export function configBlob({ layers, config, architecture = 'amd64' }: Image): Buffer {
  return Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
      history: layers.map(() => ({ created: '1970-01-01T00:00:00Z' })),
    }),
  )
}

/** The manifest that names the config and the layers. */
export function manifestBlob(config: { digest: string; size: number }, layers: readonly Layer[]) {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, size: config.size, digest: config.digest },
      layers: layers.map(({ digest, size }) => ({ mediaType: mediaTypes.layer, size, digest })),
    }),
  )
}
