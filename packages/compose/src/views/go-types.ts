/** What Docker Compose prints a value as: its Go type, as far as order and empty values follow from it. */
export type GoType =
  | Struct
  | Special
  /** Without a value, a key has an empty struct, or null where the map is one of pointers. */
  | { readonly mapOf: GoType; readonly pointers?: true }
  | { readonly listOf: GoType }

/** Types that print themselves. */
export type Special = 'text' | 'env-file' | 'limit'

/** A mapping whose keys are printed in the order of a Go struct; other keys but `x-` ones have no place in it. */
export interface Struct {
  readonly order: readonly string[]
  /** Types of the keys that hold more than a scalar or plain texts. */
  readonly types: Readonly<Record<string, GoType>>
  /** Printed in JSON where they are missing. */
  readonly always: Readonly<Record<string, null | typeof EMPTY>>
  /** Printed where they are missing: the zero of their type. */
  readonly zeros: Readonly<Record<string, string | number>>
  /** The keys of `always` and `zeros`. */
  readonly implied: ReadonlySet<string>
  /** `x-` keys are left out in YAML too. */
  readonly closed: boolean
  /** The keys in JSON, where they differ. */
  readonly jsonNames: Readonly<Record<string, string>>
}

/** A struct of which nothing is set. YAML leaves it out. */
export const EMPTY: unique symbol = Symbol('empty struct')

function struct(
  order: string,
  types: Readonly<Record<string, GoType>> = {},
  rest: Partial<Omit<Struct, 'order' | 'types' | 'implied'>> = {},
): Struct {
  return {
    order: order.split(/\s+/).filter(Boolean),
    types,
    always: {},
    zeros: {},
    implied: new Set(Object.keys({ ...rest.always, ...rest.zeros })),
    closed: false,
    jsonNames: {},
    ...rest,
  }
}

const command: GoType = { listOf: 'text' }
const limits: GoType = { mapOf: 'limit' }
const hook = struct(
  'command user privileged working_dir environment',
  { command },
  { always: { command: null } },
)
const fileReferences: GoType = { listOf: struct('source target uid gid mode') }
const deviceRequests: GoType = {
  listOf: struct('capabilities driver count device_ids options', {}, { closed: true }),
}

const build = struct(
  `context dockerfile dockerfile_inline entitlements args provenance sbom ssh labels cache_from cache_to no_cache
   additional_contexts pull extra_hosts isolation network target secrets shm_size tags ulimits platforms privileged`,
  { secrets: fileReferences, ulimits: limits },
)

const throttled: GoType = {
  listOf: struct(
    'path rate',
    {},
    { zeros: { path: '', rate: '0' }, jsonNames: { path: 'Path', rate: 'Rate' } },
  ),
}
const blkio = struct(
  'weight weight_device device_read_bps device_read_iops device_write_bps device_write_iops',
  {
    weight_device: {
      listOf: struct(
        'path weight',
        {},
        { zeros: { path: '', weight: 0 }, jsonNames: { path: 'Path', weight: 'Weight' } },
      ),
    },
    device_read_bps: throttled,
    device_read_iops: throttled,
    device_write_bps: throttled,
    device_write_iops: throttled,
  },
)

const update = struct('parallelism delay failure_action monitor max_failure_ratio order')
const resource = struct('cpus memory pids devices generic_resources', {
  devices: deviceRequests,
  generic_resources: {
    listOf: struct('discrete_resource_spec', {
      discrete_resource_spec: struct('kind value', {}, { zeros: { kind: '', value: 0 } }),
    }),
  },
})
const deploy = struct(
  'mode replicas labels update_config rollback_config resources restart_policy placement endpoint_mode',
  {
    update_config: update,
    rollback_config: update,
    resources: struct('limits reservations', { limits: resource, reservations: resource }),
    restart_policy: struct('condition delay max_attempts window'),
    placement: struct('constraints preferences max_replicas_per_node', {
      preferences: { listOf: struct('spread') },
    }),
  },
  { always: { resources: EMPTY, placement: EMPTY } },
)

const mount = struct('type source target read_only consistency bind volume tmpfs image', {
  bind: struct('selinux propagation create_host_path recursive'),
  volume: struct('labels nocopy subpath'),
  tmpfs: struct('size mode'),
  image: struct('subpath'),
})

/** A service. */
export const serviceType: Struct = struct(
  `profiles annotations attach build develop blkio_config cap_add cap_drop cgroup_parent cgroup cpu_count cpu_percent
   cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpus cpuset cpu_shares command configs container_name
   credential_spec depends_on deploy device_cgroup_rules devices dns dns_opt dns_search dockerfile domainname entrypoint
   provider environment env_file expose extends external_links extra_hosts group_add gpus hostname healthcheck image init
   ipc isolation labels label_file links logging log_driver log_opt mem_limit mem_reservation memswap_limit
   mem_swappiness mac_address models net network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform
   ports privileged pull_policy read_only restart runtime scale secrets security_opt shm_size stdin_open
   stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volume_driver
   volumes volumes_from working_dir post_start pre_stop`,
  {
    build,
    develop: struct('watch', {
      watch: {
        listOf: struct(
          'path action target exec include ignore initial_sync',
          { exec: hook },
          { always: { exec: EMPTY } },
        ),
      },
    }),
    blkio_config: blkio,
    command,
    configs: fileReferences,
    credential_spec: struct('config file registry'),
    depends_on: { mapOf: struct('condition restart required') },
    deploy,
    devices: { listOf: struct('source target permissions') },
    entrypoint: command,
    env_file: { listOf: 'env-file' },
    extends: struct('file service', {}, { closed: true }),
    gpus: deviceRequests,
    healthcheck: struct('test timeout interval retries start_period start_interval disable'),
    logging: struct('driver options'),
    models: { mapOf: struct('endpoint_var model_var'), pointers: true },
    networks: {
      mapOf: struct(
        `aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address priority`,
      ),
      pointers: true,
    },
    ports: { listOf: struct('name mode host_ip target published protocol app_protocol') },
    post_start: { listOf: hook },
    pre_stop: { listOf: hook },
    provider: struct('type options'),
    secrets: fileReferences,
    ulimits: limits,
    volumes: { listOf: mount },
  },
  { always: { command: null, entrypoint: null } },
)

const fileResource: GoType = {
  mapOf: struct('name file environment content external labels driver driver_opts template_driver'),
}

/** A whole project. */
export const projectType: Struct = struct('name services networks volumes secrets configs models', {
  services: { mapOf: serviceType },
  networks: {
    mapOf: struct(
      'name driver driver_opts ipam external internal attachable labels enable_ipv4 enable_ipv6',
      {
        ipam: struct('driver config', {
          config: {
            listOf: struct('subnet gateway ip_range aux_addresses', {}, { closed: true }),
          },
        }),
      },
      { always: { ipam: EMPTY } },
    ),
  },
  volumes: { mapOf: struct('name driver driver_opts external labels') },
  secrets: fileResource,
  configs: fileResource,
  models: { mapOf: struct('name model context_size runtime_flags') },
})
