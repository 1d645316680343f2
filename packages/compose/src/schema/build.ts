import { decodeFileMode, decodeSsh } from '../canonical/decode.ts'
import {
  flag,
  hosts,
  integerBytes,
  labels,
  mapping,
  string,
  texts,
  ulimits,
  variables,
} from './common.ts'
import { fields, listOf, type Shape } from './shape.ts'

/** Uses of configs and secrets. */
export const fileReferences: Shape = listOf(
  {
    text: true,
    ...fields({
      source: string,
      target: string,
      uid: string,
      gid: string,
      mode: { text: true, number: 'any', decode: decodeFileMode, keepsZero: true },
    }),
  },
  { example: '[name]' },
)

/** How a service is built. */
export const build: Shape = {
  text: true,
  ...fields({
    context: string,
    dockerfile: string,
    dockerfile_inline: string,
    entitlements: texts,
    args: variables,
    ssh: { ...mapping, decode: decodeSsh },
    labels,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    additional_contexts: mapping,
    network: string,
    provenance: { text: true, boolean: true },
    sbom: { text: true, boolean: true },
    pull: flag,
    target: string,
    shm_size: integerBytes,
    extra_hosts: hosts,
    isolation: string,
    privileged: flag,
    secrets: fileReferences,
    tags: texts,
    ulimits,
    platforms: texts,
  }),
  example: './directory',
}
