import { type Static, Type } from 'typebox'
import { check, step } from './check.ts'
import { file } from './file.ts'
import { permission } from './permission.ts'
import { effect, exposure, service } from './service.ts'
import { byName, mapping, portText, quantity } from './shapes.ts'
import { siteWith } from './site.ts'

const volume = mapping('Settings of one volume or bind.', {
  as: Type.Unsafe<'storage' | 'config' | 'host'>({
    description:
      'What a bind becomes. storage: a PersistentVolumeClaim that keeps what programs write. config: the files of the project, read-only or as a copy for each pod. host: the path of the node. If omitted, Landfall decides, and `landfall plan` shows why. Not for named volumes.',
    type: 'string',
    enum: ['storage', 'config', 'host'],
  }),
  size: Type.Unsafe<string>({
    ...quantity,
    description: 'The size of the PersistentVolumeClaim, a Kubernetes quantity; 1Gi if omitted.',
  }),
  class: Type.String({
    description: 'The StorageClass; the default class of the cluster if omitted.',
  }),
  shared: Type.Boolean({
    description:
      'The class supports ReadWriteMany. If omitted, services that share the volume run on one node.',
  }),
})

export type VolumeSettings = Static<typeof volume>

const externalService = mapping(
  'Where a service outside the project is: an address, a host name, or another site.',
  {
    address: Type.String({
      description: 'An IPv4 or IPv6 address.',
      pattern: '^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$',
    }),
    host: Type.String({
      description: 'A DNS name.',
      pattern:
        '^(?=.*[A-Za-z])[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$',
    }),
    addressOf: Type.String({
      description:
        'A service of another site: SITE/SERVICE. Where that site publishes it is read when the site is deployed, with its ports.',
      pattern: '^[^ /]+/[^ /:]+$',
    }),
    ports: Type.Array(portText('^[0-9]+(:[0-9]+)?(/(tcp|udp|sctp))?$'), {
      description:
        'With an address, the ports that services use: 3306; 3306:13306 if it is another port at the address; 53/udp. Ports that the project references are known without.',
    }),
  },
)

const secrets = mapping('Which variables are secrets; * matches any characters.', {
  variables: Type.Array(Type.String({ pattern: '^[^ ]+$' }), {
    description: 'Variables that are secrets, in addition to those whose names or values show it.',
  }),
  plain: Type.Array(Type.String({ pattern: '^[^ ]+$' }), {
    description: 'Variables that are not secrets although they look like it.',
  }),
})
export type SecretRules = Static<typeof secrets>

const keys = {
  services: byName('Services, by their names in the Compose file.', service),
  volumes: byName(
    'Named volumes by their names in the Compose file, and binds by their paths as in the Compose file, or as absolute paths: ./data.',
    volume,
  ),
  files: byName(
    'Mounted files of the project, by their paths as the Compose file writes them: ./config.json.',
    file,
  ),
  external: byName(
    'Services outside the project, by the names that the services of the project use.',
    externalService,
  ),
  secrets,
  expose: Type.Unsafe<Static<typeof exposure>>({
    ...exposure,
    description: 'How published ports are exposed, for every service that does not set it itself.',
  }),
  checks: byName(
    'Checks that must succeed when everything is ready, by names: part of the verdict of `landfall up` and `landfall rollback`, and run by `landfall test`. Texts are interpolated as in the Compose file.',
    check,
  ),
  hostGateway: Type.String({
    description:
      'The address at which pods reach the machine that Compose calls host-gateway; also used for host.docker.internal.',
    pattern: '^[0-9a-fA-F.:]+$',
  }),
  accept: Type.Array(Type.String(), {
    description:
      'Accepted dangerous drops, as paths of the project: services/agent/volumes/4. Accepted files and directories outside of the project, as paths of this machine: ../shared, /etc/ssl/certs.',
  }),
  history: Type.Integer({
    description:
      'How many revisions `landfall up` keeps in the cluster, with their Jobs; 10 if omitted. The last revision that was ready is always kept.',
    minimum: 1,
    maximum: 100,
  }),
  keeper: mapping(
    'The pod that restarts services and runs one-shots again, where that is declared.',
    {
      image: Type.String({ description: 'An image with Node.js 20 or later.' }),
    },
  ),
  gate: mapping('Images of what runs before a program.', {
    image: Type.String({
      description: 'An image with sh, sleep and curl, in which pods wait for what they need.',
    }),
    tools: Type.String({
      description:
        'An image with sh and a static /bin/busybox, which copies files and fills volumes.',
    }),
  }),
}

const site = siteWith(keys)
export type SiteSettings = Static<typeof site>

const environment = mapping('The overrides of one environment.', keys)

/** `landfall.yaml`: what Compose cannot express. The same paths may be under `x-landfall` in the Compose file. */
export const landfallFile = mapping(
  'What Compose cannot express about a project. The same keys may be under x-landfall in the Compose file.',
  {
    ...keys,
    environments: byName(
      '`environments` holds per-environment overrides, using the same keys as the file; --environment NAME selects one. Mappings are merged by key; lists, effects and single values replace those of the file.',
      environment,
    ),
    sites: byName(
      'Places where services of the project run: a cluster, or a namespace of one. A name with a range stands for many: edge-{001..200}. --site NAME selects one.',
      site,
    ),
    siteTemplates: byName(
      'Keys that sites have in common, by the name that they have in like.',
      site,
    ),
  },
)
export type LandfallFile = Static<typeof landfallFile>

/** Parts of the schema that have a name in the file for editors, because they are used more than once. */
export const namedParts = {
  check,
  effect,
  environment,
  exposure,
  file,
  permission,
  quantity,
  service,
  site,
  step,
}
