import { decodeMapping } from '../canonical/decode.ts'
import {
  flag,
  flagOrUnset,
  labels,
  namePattern,
  options,
  string,
  textMap,
  textOrTexts,
  texts,
} from './common.ts'
import { serviceFields } from './service.ts'
import { fields, listOf, mapOf, type Shape, strictFields, text } from './shape.ts'

const external: Shape = { ...flag, map: { fields: { name: string }, extensible: true } }
/** Of configs and secrets: other keys of `external` are let through. */
const looseExternal: Shape = { ...flag, map: { fields: { name: string }, open: true } }

const ipam: Shape = fields({
  driver: string,
  config: listOf(
    fields({
      subnet: string,
      ip_range: string,
      gateway: string,
      aux_addresses: { ...mapOf(text), decode: decodeMapping },
    }),
  ),
  options: { ...mapOf(text), discarded: true },
})

const network: Shape = {
  null: true,
  ...fields({
    name: string,
    driver: string,
    driver_opts: options,
    ipam,
    external,
    internal: flag,
    enable_ipv4: flagOrUnset,
    enable_ipv6: flagOrUnset,
    attachable: flag,
    labels,
  }),
}

const volume: Shape = {
  null: true,
  ...fields({ name: string, driver: string, driver_opts: options, external, labels }),
}

const secret: Shape = fields({
  name: string,
  environment: string,
  file: string,
  external: looseExternal,
  labels,
  driver: string,
  driver_opts: textMap,
  template_driver: string,
})

const config: Shape = fields({
  name: string,
  content: string,
  environment: string,
  file: string,
  external: looseExternal,
  labels,
  template_driver: string,
})

const model: Shape = fields(
  { name: string, model: string, context_size: { number: 'integer' }, runtime_flags: texts },
  ['model'],
)

const includes: Shape = listOf(
  {
    text: true,
    ...strictFields({ path: textOrTexts, env_file: textOrTexts, project_directory: string }),
  },
  { example: '[other/compose.yaml]' },
)

/** Names given by people; sections that are not open refuse names outside the pattern. */
function section(shape: Shape, rest: { open?: true } = {}): Shape {
  return { map: { names: { pattern: namePattern, shape }, ...rest }, keepsZero: true }
}

/**
 * The whole Compose file.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json
 */
export const projectShape: Shape = fields({
  version: text,
  name: string,
  include: includes,
  services: section({ ...fields(serviceFields), example: '{ image: nginx:1.27 }' }),
  models: section(model, { open: true }),
  networks: section(network, { open: true }),
  volumes: section(volume),
  secrets: section(secret),
  configs: section(config),
})
