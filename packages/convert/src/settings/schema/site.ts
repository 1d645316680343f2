import { type Static, type TProperties, Type } from 'typebox'
import { service } from './service.ts'
import { mapping } from './shapes.ts'

const location = mapping('Where a site is.', {
  latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees, north is positive.' }),
  longitude: Type.Number({
    minimum: -180,
    maximum: 180,
    description: 'Degrees, east is positive.',
  }),
})

const name = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const place = `(${name}|.*\\{\\{.*)`

/** What a site has in addition to the keys of the file. */
export const siteKeys = {
  services: Type.Unsafe<string[] | Record<string, Static<typeof service> | null>>({
    description:
      'The services of the site: a list of names, or a mapping from names to settings that differ at the site. All services if omitted, also in the template.',
    type: ['array', 'object'],
    items: { type: 'string' },
    additionalProperties: service,
  }),
  like: Type.String({ description: 'A template of siteTemplates with values for the site.' }),
  from: Type.String({
    description:
      'For a pattern of sites: a CSV or YAML file of the project with a row for each site. The column name has the name of the site, context, namespace, projectName, latitude and longitude those values; all other columns are values.',
    pattern: '\\.(csv|ya?ml|json)$',
  }),
  context: Type.String({
    description:
      'The kubeconfig context of the cluster; that of the command (--context, or the current one) if omitted.',
  }),
  namespace: Type.String({
    description:
      'The namespace; the name of the project, a dash and the name of the site if omitted.',
    pattern: `^${place}$`,
  }),
  projectName: Type.String({
    description: 'The name of the project at the site, which is the name of the release.',
    pattern: `^${place}$`,
  }),
  location,
  values: Type.Unsafe<Record<string, string | number | boolean>>({
    description:
      'Values of the site by names, for { site: NAME } in files, and for {{NAME}} in texts of the site.',
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  }),
  variables: Type.Unsafe<Record<string, string | number | boolean>>({
    description: 'Variables of the Compose file at the site, in addition to those of .env.',
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  }),
  images: Type.Unsafe<Record<string, string>>({
    description: 'Images at the site, by services.',
    type: 'object',
    additionalProperties: { type: 'string', pattern: '^[^ ]+$' },
  }),
  platform: Type.String({
    description: 'The platform of the nodes of the site, for all its services: linux/arm64.',
    pattern: '^[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?$',
  }),
  addresses: Type.Unsafe<Record<string, string>>({
    description:
      'Where other sites reach services of this one, if it is not what the cluster reports: HOST with the published ports, or HOST:PORT.',
    type: 'object',
    additionalProperties: { type: 'string', pattern: '^[^ /]+$' },
  }),
  connectsTo: Type.Array(Type.String({ pattern: '^[^ /]+/[^ /:]+(:[0-9]+)?$' }), {
    description:
      'Services of other sites that programs of this one connect to without an address in the settings, because they receive it at run time: SITE/SERVICE or SITE/SERVICE:PORT; * in SITE matches any characters. They are tested, and decide no order.',
  }),
}

/** A site with the keys of the file that it may override. */
export function siteWith<Keys extends TProperties>(
  keys: Keys,
): ReturnType<typeof mapping<Omit<Keys, keyof typeof siteKeys> & typeof siteKeys>> {
  return mapping('One site.', { ...keys, ...siteKeys }) as never
}
