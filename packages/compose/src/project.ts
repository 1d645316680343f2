/**
 * The canonical project: what `docker compose config` prints, as plain JSON.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export interface Project {
  name: string
  services: Record<string, Service>
  networks?: Record<string, Network | null>
  volumes?: Record<string, Volume | null>
  configs?: Record<string, FileResource>
  secrets?: Record<string, FileResource>
  [extension: `x-${string}`]: unknown
}

/** A service in its long forms. Keys that no code of ours reads yet stay in the object as Docker prints them. */
export interface Service {
  image?: string
  build?: Build
  container_name?: string
  hostname?: string
  command?: string[] | null
  entrypoint?: string[] | null
  /** null: named without a value and not set anywhere. */
  environment?: Record<string, string | null>
  depends_on?: Record<string, Dependency>
  healthcheck?: Healthcheck
  ports?: Port[]
  expose?: string[]
  volumes?: Mount[]
  networks?: Record<string, { aliases?: string[]; [key: string]: unknown } | null>
  network_mode?: string
  links?: string[]
  configs?: FileReference[]
  secrets?: FileReference[]
  restart?: string
  user?: string
  working_dir?: string
  stop_grace_period?: string
  stop_signal?: string
  read_only?: boolean
  privileged?: boolean
  cap_add?: string[]
  cap_drop?: string[]
  tty?: boolean
  stdin_open?: boolean
  init?: boolean
  labels?: Record<string, string>
  profiles?: string[]
  deploy?: Record<string, unknown>
  scale?: number
  tmpfs?: string[]
  shm_size?: string
  [key: string]: unknown
}

export interface Build {
  context: string
  dockerfile?: string
  dockerfile_inline?: string
  args?: Record<string, string>
  target?: string
  [key: string]: unknown
}

export interface Dependency {
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully'
  required: boolean
  restart?: boolean
}

/** Durations as Go prints them: `1m30s`. */
export interface Healthcheck {
  test?: string[]
  interval?: string
  timeout?: string
  retries?: number
  start_period?: string
  start_interval?: string
  disable?: boolean
}

export interface Port {
  mode: string
  target: number
  protocol: string
  host_ip?: string
  /** A number or a range, as text: `8080`, `8000-9000`. */
  published?: string
  name?: string
  app_protocol?: string
}

export interface Mount {
  type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image'
  source?: string
  target: string
  read_only?: boolean
  bind?: { create_host_path?: boolean; propagation?: string; selinux?: string }
  volume?: { nocopy?: boolean; subpath?: string; labels?: Record<string, string> }
  tmpfs?: { size?: string; mode?: number }
}

export interface Network {
  name?: string
  external?: boolean
  driver?: string
  [key: string]: unknown
}

export interface Volume {
  name?: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  labels?: Record<string, string>
  [key: string]: unknown
}

/** A top-level config or secret. */
export interface FileResource {
  name?: string
  external?: boolean
  file?: string
  environment?: string
  content?: string
  [key: string]: unknown
}

/** A service's use of a config or secret; `mode` is octal text: `0440`. */
export interface FileReference {
  source: string
  target?: string
  uid?: string
  gid?: string
  mode?: string
}
