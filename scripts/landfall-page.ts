import { check, step } from '../packages/convert/src/settings/schema/check.ts'
import { examples } from '../packages/convert/src/settings/schema/examples.ts'
import { landfallFile } from '../packages/convert/src/settings/schema/landfall-file.ts'
import { effect, service } from '../packages/convert/src/settings/schema/service.ts'
import { siteKeys } from '../packages/convert/src/settings/schema/site.ts'
import type { SchemaPart } from './landfall-schema.ts'

/** The reference of landfall.yaml: its keys are those of the schema. */
export function landfallPage(generated: string): string {
  const file = landfallFile as unknown as SchemaPart
  return `# landfall.yaml

${generated}

What Compose cannot express, in a file next to the Compose file. All keys are optional. The same keys may be under \`x-landfall\` in the Compose file;
a key that is set in both is an error. Settings of services that no active profile enables have no effect. Editors can use the
[JSON Schema](../packages/convert/schema/landfall.schema.json).

    services:
      config-seed:
        oneShot: { doneWhen: { http: "http://consul:8500/v1/kv/config?keys" } }
      core-data:
        ready: { http: "http://localhost:48080/api/v1/ping" }
        waitsFor: [{ http: "http://consul:8500/v1/health/service/mongo?passing", body: ServiceID }]
        ports: [5563]
    volumes:
      media: { size: 10Gi, class: nfs, shared: true }
    accept: [services/agent/volumes/4]
    files: { ./config.json: { set: { /rabbitmq/host_ip: rabbitmq } } }
    external: { mysql: { address: 10.0.2.2, ports: [3306] }, mail: { host: smtp.example.com } }
    secrets: { variables: [CARD_PIN], plain: [DEMO_*] }
    checks: { shop: { http: "http://front/", body: Welcome }, cache: { tcp: "cache:6379" } }
    gate: { image: registry.example.com/curl:8 }
    environments:
      prod: { services: { web: { replicas: 3 } }, volumes: { media: { size: 100Gi } } }

## Keys of the file

${table(file.properties ?? {}, 'file')}

## Keys of a site

Used by \`sites\` and \`siteTemplates\`, in addition to the keys of the file but \`environments\`. [Sites](sites.md) has examples.

${table(siteKeys as unknown as Record<string, SchemaPart>, 'site')}

## Keys of a service

${table((service as unknown as SchemaPart).properties ?? {}, 'service')}

## Keys of an effect

An effect is used by \`waitsFor\`, \`ready\`, \`alive\` and \`oneShot.doneWhen\`. Names in effects are those that other services use: the
service, its \`container_name\`, an alias.

${table((effect as unknown as SchemaPart).properties ?? {}, 'effect')}

## Keys of a check

Exactly one of \`http\`, \`tcp\`, \`dns\`, \`exec\` and \`steps\`. A step has the same keys without \`steps\` and \`within\`. [Checks](checks.md) has examples.

${table((check as unknown as SchemaPart).properties ?? {}, 'check')}
`
}

/** A row of the reference: the path of a key in its section, and what the schema has of it. */
export interface KeyRow {
  section: keyof typeof examples
  path: string
  part: SchemaPart
}

/** Every key of landfall.yaml, once. */
export function landfallKeys(): KeyRow[] {
  const sections = { file: landfallFile, site: { properties: siteKeys }, service, effect, check }
  return (Object.keys(sections) as KeyRow['section'][]).flatMap((section) =>
    rowsOf((sections[section] as unknown as SchemaPart).properties ?? {}, '').map((row) => ({
      section,
      ...row,
    })),
  )
}

/** One row for each key, and for those of mappings that have no section of their own. */
function table(keys: Readonly<Record<string, SchemaPart>>, section: KeyRow['section']): string {
  const rows = rowsOf(keys, '').map(({ path, part }) => {
    const key = path.slice(path.lastIndexOf('.') + 1)
    const example = `\`${key}: ${examples[section][path] ?? ''}\``
    return `| \`${path}\` | ${typeOf(part)} | ${cell(part.description ?? '')} | ${cell(example)} |`
  })
  return ['| key | type | meaning | example |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

const OWN_SECTION = new Set<unknown>([
  (service as unknown as SchemaPart).properties,
  (effect as unknown as SchemaPart).properties,
  (check as unknown as SchemaPart).properties,
  (step as unknown as SchemaPart).properties,
  (landfallFile as unknown as SchemaPart).properties,
])

/** Keys whose own keys are told with them. */
const WHOLE = new Set([
  'environments',
  'sites',
  'siteTemplates',
  'not',
  'amqp.user',
  'amqp.password',
  'sql.user',
  'sql.password',
])

function rowsOf(
  keys: Readonly<Record<string, SchemaPart>>,
  above: string,
): Omit<KeyRow, 'section'>[] {
  return Object.entries(keys).flatMap(([key, part]) => {
    const path = `${above}${key}`
    const row = { path, part }
    const below = WHOLE.has(path) ? undefined : belowOf(part)
    return below === undefined ? [row] : [row, ...rowsOf(below.keys, `${path}${below.mark}`)]
  })
}

/** The keys of a mapping, and how they are written after its path. */
function belowOf(part: SchemaPart): { keys: Record<string, SchemaPart>; mark: string } | undefined {
  const { additionalProperties: values } = part
  const inside = typeof values === 'object' ? values : part
  const { properties } = inside
  if (properties === undefined || OWN_SECTION.has(properties)) return undefined
  return { keys: properties, mark: inside === part ? '.' : '.NAME.' }
}

/** In words: `list of numbers or texts`. */
function typeOf(part: SchemaPart): string {
  if (part.enum !== undefined) return part.enum.map((value) => `\`${value}\``).join(', ')
  const types = [part.type ?? []].flat()
  return types
    .map((type) => {
      if (type === 'array')
        return part.items === undefined ? 'list' : `list of ${plural(part.items)}`
      if (type === 'object') return isEffect(part) ? '[effect](#keys-of-an-effect)' : 'mapping'
      return WORDS[type] ?? type
    })
    .join(' or ')
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: '`true` or `false`',
}

function plural(part: SchemaPart): string {
  if (part.properties === (step as unknown as SchemaPart).properties) return 'steps'
  if (isEffect(part)) return '[effects](#keys-of-an-effect)'
  return [part.type ?? []]
    .flat()
    .map((type) => `${WORDS[type] ?? type}s`)
    .join(' or ')
}

function isEffect({ properties }: SchemaPart): boolean {
  return properties === (effect as unknown as SchemaPart).properties
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<')
}
