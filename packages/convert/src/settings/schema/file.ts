import { type Static, Type } from 'typebox'
import { mapping } from './shapes.ts'

export const file = mapping('Settings of one file.', {
  set: Type.Unsafe<Record<string, unknown>>({
    description:
      'Values to set, by JSON Pointers into the file: /rabbitmq/host_ip. What is missing above a value is added. In a list, /servers/0 is an item by its number, /servers/name=b the item whose name is b, /servers/- a new item at the end. A value is also { secret: NAME, key: KEY } of a Secret of the cluster, { address: SERVICE:PORT }, or { pod: ip }, { pod: name }, { pod: node }, { pod: nodeAddress }. With identity, {{identity}} and {{30087 + identity}} in a text are the number of the copy. At a site, also { site: NAME }, { addressOf: SITE/SERVICE:PORT }, { portOf: SITE/SERVICE:PORT }.',
    type: 'object',
    additionalProperties: {},
  }),
  delete: Type.Array(Type.String({ pattern: '^/' }), {
    description: 'Values to delete after that, by JSON Pointers into the file.',
  }),
  format: Type.Unsafe<'json' | 'yaml' | 'toml' | 'ini' | 'properties' | 'xml' | 'env'>({
    description: 'The format of the file, if its name does not show it.',
    type: 'string',
    enum: ['json', 'yaml', 'toml', 'ini', 'properties', 'xml', 'env'],
  }),
  writable: Type.Boolean({
    description:
      'Whether the program writes to it, which gives each pod its own copy. If omitted, the Compose file decides (:ro).',
  }),
})
export type FileSettings = Static<typeof file>
export type FileFormat = NonNullable<FileSettings['format']>
