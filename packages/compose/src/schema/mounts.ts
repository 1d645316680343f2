import { decodeInt, decodeText, decodeUint } from '../canonical/decode.ts'
import {
  flag,
  flagOrUnset,
  integerBytes,
  mapping,
  namePattern,
  options,
  string,
  uniqueTexts,
} from './common.ts'
import { fields, listOf, type Shape, strictFields, uniqueListOf } from './shape.ts'

/** Mounts of a service. */
export const volumes: Shape = uniqueListOf(
  {
    text: true,
    ...fields(
      {
        type: { text: true, values: ['bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'] },
        source: string,
        target: string,
        read_only: flag,
        consistency: string,
        bind: fields({
          propagation: string,
          create_host_path: flag,
          recursive: { text: true, values: ['enabled', 'disabled', 'writable', 'readonly'] },
          selinux: { text: true, values: ['z', 'Z'] },
        }),
        volume: fields({ labels: mapping, nocopy: flag, subpath: string }),
        tmpfs: fields({
          size: { ...integerBytes, minimum: 0 },
          mode: { text: true, number: 'any', decode: decodeUint },
        }),
        image: fields({ subpath: string }),
      },
      ['type'],
    ),
  },
  { example: '["./data:/data"]' },
)

/** Networks that a service joins. */
export const networks: Shape = {
  ...uniqueTexts,
  map: {
    names: {
      pattern: namePattern,
      shape: {
        null: true,
        ...fields({
          aliases: uniqueTexts,
          interface_name: string,
          ipv4_address: string,
          ipv6_address: string,
          link_local_ips: uniqueTexts,
          mac_address: string,
          driver_opts: options,
          priority: { number: 'any', decode: decodeInt },
          gw_priority: { number: 'any', decode: decodeInt },
        }),
      },
    },
  },
  example: '[backend]',
}

/** Published ports. */
export const ports: Shape = uniqueListOf(
  {
    number: 'any',
    text: true,
    ...fields({
      name: string,
      mode: string,
      host_ip: string,
      target: { text: true, number: 'integer', decode: decodeUint },
      published: { text: true, number: 'integer', decode: decodeText },
      protocol: string,
      app_protocol: string,
    }),
  },
  { example: '["8080:80"]' },
)

/** `env_file`. */
export const envFile: Shape = {
  text: true,
  ...listOf({
    text: true,
    ...strictFields({ path: string, format: string, required: flagOrUnset }, ['path']),
  }),
  example: '.env.web',
}
