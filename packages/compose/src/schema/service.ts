import {
  decodeBoolean,
  decodeDeviceCount,
  decodeFileMode,
  decodeHealthTest,
  decodeMultiOptions,
  decodeProvenance,
  decodeText,
  decodeUint,
} from '../canonical/decode.ts'
import {
  bytes,
  command,
  deviceRequest,
  duration,
  durationOrUnset,
  flag,
  flagOrUnset,
  float32,
  gpu,
  hook,
  hosts,
  integer,
  integerBytes,
  integerOrUnset,
  labels,
  mapping,
  memory,
  namePattern,
  options,
  string,
  textMap,
  textOrTexts,
  texts,
  ulimits,
  uniqueTexts,
  unsigned,
  variables,
  wholeNumber,
} from './common.ts'
import { fields, listOf, mapOf, type Shape, strictFields, text, uniqueListOf } from './shape.ts'

const fileReferences: Shape = listOf(
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

const build: Shape = {
  text: true,
  ...fields({
    context: string,
    dockerfile: string,
    dockerfile_inline: string,
    entitlements: texts,
    args: variables,
    ssh: { ...mapping, decode: (node) => node },
    labels,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    additional_contexts: mapping,
    network: string,
    provenance: { text: true, boolean: true, decode: decodeProvenance },
    sbom: { text: true, boolean: true, decode: decodeProvenance },
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

const throttled = listOf(strictFields({ path: string, rate: { ...integerBytes, keepsZero: true } }))
const blkio: Shape = strictFields({
  device_read_bps: throttled,
  device_read_iops: throttled,
  device_write_bps: throttled,
  device_write_iops: throttled,
  weight: unsigned,
  weight_device: listOf(strictFields({ path: string, weight: unsigned })),
})

const dependsOn: Shape = {
  ...uniqueTexts,
  map: {
    names: {
      pattern: namePattern,
      shape: {
        ...fields(
          {
            restart: { text: true, boolean: true, decode: decodeBoolean },
            required: { boolean: true, keepsZero: true },
            condition: {
              text: true,
              values: ['service_started', 'service_healthy', 'service_completed_successfully'],
            },
          },
          ['condition'],
        ),
      },
    },
  },
  example: '[database]',
}

const updateConfig: Shape = fields({
  parallelism: { ...unsigned, keepsZero: true },
  delay: duration,
  failure_action: string,
  monitor: duration,
  max_failure_ratio: float32,
  order: { text: true, values: ['start-first', 'stop-first'] },
})

const genericResources: Shape = listOf(
  fields({
    discrete_resource_spec: fields({ kind: string, value: { ...wholeNumber, keepsZero: true } }),
  }),
)

const deploy: Shape = {
  null: true,
  ...fields({
    mode: string,
    endpoint_mode: string,
    replicas: integerOrUnset,
    labels,
    rollback_config: updateConfig,
    update_config: updateConfig,
    resources: fields({
      limits: fields({ cpus: float32, memory, pids: integer }),
      reservations: fields({
        cpus: float32,
        memory,
        generic_resources: genericResources,
        devices: listOf({ ...deviceRequest, decode: decodeDeviceCount }),
      }),
    }),
    restart_policy: fields({
      condition: string,
      delay: durationOrUnset,
      max_attempts: { ...unsigned, keepsZero: true },
      window: durationOrUnset,
    }),
    placement: fields({
      constraints: texts,
      preferences: listOf(fields({ spread: string })),
      max_replicas_per_node: unsigned,
    }),
  }),
}

const develop: Shape = {
  null: true,
  ...fields({
    watch: listOf(
      fields(
        {
          ignore: textOrTexts,
          include: textOrTexts,
          path: { ...string, keepsZero: true },
          action: {
            text: true,
            values: ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'],
          },
          target: string,
          exec: hook,
          initial_sync: { boolean: true },
        },
        ['path', 'action'],
      ),
    ),
  }),
}

const healthcheck: Shape = fields({
  disable: flag,
  interval: durationOrUnset,
  retries: { text: true, number: 'any', decode: decodeUint, keepsZero: true },
  test: {
    text: true,
    ...listOf(text),
    decode: decodeHealthTest,
    example: '["CMD", "curl", "-f", "http://localhost"]',
  },
  timeout: durationOrUnset,
  start_period: durationOrUnset,
  start_interval: durationOrUnset,
})

const networks: Shape = {
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
          priority: { number: 'any', decode: wholeNumber.decode as never },
          gw_priority: { number: 'any', decode: wholeNumber.decode as never },
        }),
      },
    },
  },
  example: '[backend]',
}

const ports: Shape = uniqueListOf(
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

const volumes: Shape = uniqueListOf(
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

const envFile: Shape = {
  text: true,
  ...listOf({
    text: true,
    ...strictFields({ path: string, format: string, required: flagOrUnset }, ['path']),
  }),
  example: '.env.web',
}

const models: Shape = {
  ...uniqueTexts,
  map: {
    names: {
      pattern: namePattern,
      shape: { null: true, ...fields({ endpoint_var: string, model_var: string }) },
    },
    open: true,
  },
}

const provider: Shape = fields(
  {
    type: string,
    options: {
      ...mapOf({
        text: true,
        number: 'any',
        boolean: true,
        ...listOf({ text: true, number: 'any', boolean: true }),
      }),
      decode: decodeMultiOptions,
    },
  },
  ['type'],
)

const signedLimit = { ...integer, minimum: -1000, maximum: 1000 }

/** Every attribute of a service. */
export const serviceFields: Record<string, Shape> = {
  annotations: mapping,
  attach: flagOrUnset,
  blkio_config: blkio,
  build,
  cap_add: uniqueTexts,
  cap_drop: uniqueTexts,
  cgroup: { text: true, values: ['host', 'private'] },
  cgroup_parent: string,
  command,
  configs: fileReferences,
  container_name: { ...string, pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/ },
  cpu_count: { ...integer, minimum: 0 },
  cpu_percent: { ...float32, number: 'integer', minimum: 0, maximum: 100 },
  cpu_period: wholeNumber,
  cpu_quota: wholeNumber,
  cpu_rt_period: wholeNumber,
  cpu_rt_runtime: wholeNumber,
  cpu_shares: wholeNumber,
  cpus: float32,
  cpuset: string,
  credential_spec: fields({ config: string, file: string, registry: string }),
  depends_on: dependsOn,
  deploy,
  develop,
  device_cgroup_rules: uniqueTexts,
  devices: listOf({
    text: true,
    ...fields({ source: string, target: string, permissions: string }, ['source']),
  }),
  dns: textOrTexts,
  dns_opt: uniqueTexts,
  dns_search: textOrTexts,
  domainname: string,
  entrypoint: command,
  env_file: envFile,
  environment: variables,
  expose: uniqueListOf({ text: true, number: 'any', decode: decodeText }),
  extends: { text: true, ...strictFields({ service: string, file: string }, ['service']) },
  external_links: uniqueTexts,
  extra_hosts: hosts,
  gpus: { text: true, values: ['all'], ...listOf({ ...gpu, decode: decodeDeviceCount }) },
  group_add: uniqueListOf({ text: true, number: 'any', decode: decodeText }),
  healthcheck,
  hostname: string,
  image: { ...string, example: 'nginx:1.27' },
  init: flagOrUnset,
  ipc: string,
  isolation: string,
  label_file: { text: true, ...listOf(string) },
  labels,
  links: uniqueTexts,
  logging: fields({
    driver: string,
    options: {
      ...mapOf({ text: true, number: 'any', null: true }),
      decode: options.decode as never,
    },
  }),
  mac_address: string,
  mem_limit: bytes,
  mem_reservation: integerBytes,
  mem_swappiness: integerBytes,
  memswap_limit: bytes,
  models,
  network_mode: string,
  networks,
  oom_kill_disable: flag,
  oom_score_adj: signedLimit,
  pid: { ...string, null: true },
  pids_limit: wholeNumber,
  platform: string,
  ports,
  post_start: listOf(hook),
  pre_stop: listOf(hook),
  privileged: flag,
  profiles: uniqueTexts,
  provider,
  pull_policy: {
    text: true,
    pattern:
      /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
  },
  pull_refresh_after: { ...text, discarded: true },
  read_only: flag,
  restart: { ...string, example: 'unless-stopped' },
  runtime: string,
  scale: integerOrUnset,
  secrets: fileReferences,
  security_opt: uniqueTexts,
  shm_size: bytes,
  stdin_open: flag,
  stop_grace_period: durationOrUnset,
  stop_signal: string,
  storage_opt: { map: { open: true }, decode: textMap.decode as never },
  sysctls: mapping,
  tmpfs: textOrTexts,
  tty: flag,
  ulimits,
  use_api_socket: { boolean: true },
  user: string,
  userns_mode: string,
  uts: string,
  volumes,
  volumes_from: uniqueTexts,
  working_dir: string,
}
