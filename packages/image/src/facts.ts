/**
 * The metadata of an image, as far as it matters for running it. Keys that the image leaves out are absent.
 * https://github.com/opencontainers/image-spec/blob/main/config.md and Docker's additions (health check, shell).
 */
export interface ImageFacts {
  /** The image could not be read: the facts are those of a table of well-known images, and not complete. */
  from?: 'table'
  /** Of what the name points at: an index where the image exists for several platforms. */
  digest?: string
  /** `linux/amd64` */
  platform?: string
  entrypoint?: string[]
  command?: string[]
  environment?: Record<string, string>
  /** EXPOSE, sorted: `6379/tcp`, and `10000-20000/udp` for long ranges. */
  ports?: string[]
  user?: string
  /** VOLUME, sorted. */
  volumes?: string[]
  workingDirectory?: string
  healthcheck?: ImageHealthcheck
  stopSignal?: string
  /** In which CMD-SHELL checks run; `/bin/sh -c` where absent. */
  shell?: string[]
  labels?: Record<string, string>
  /** /etc/passwd and /etc/group; only where the question has `accounts`. */
  accounts?: Accounts
}

/** With the keys of Compose, durations like `1m30s`; what is absent has Docker's default. */
export interface ImageHealthcheck {
  /** `['NONE']`, `['CMD', …]` or `['CMD-SHELL', text]` */
  test: string[]
  interval?: string
  timeout?: string
  start_period?: string
  start_interval?: string
  retries?: number
}

/** The users and groups that a name can mean. */
export interface Accounts {
  /** By name. */
  users: Record<string, { uid: number; gid: number }>
  groups: Record<string, number>
}

/** The facts in the configuration of an image; what has a wrong type is left out. */
export function factsOfConfig(blob: unknown): ImageFacts {
  const { config, os, architecture, variant } = record(blob)
  const given = record(config)
  const platform = [os, architecture, variant].filter((part) => typeof part === 'string' && part)
  return present({
    platform: platform.length < 2 ? undefined : platform.join('/'),
    entrypoint: words(given.Entrypoint),
    command: words(given.Cmd),
    environment: pairs(words(given.Env)),
    ports: portsOf(given.ExposedPorts),
    user: text(given.User),
    volumes: keys(given.Volumes)?.sort(),
    workingDirectory: text(given.WorkingDir),
    healthcheck: healthcheck(given.Healthcheck),
    stopSignal: text(given.StopSignal),
    shell: words(given.Shell),
    labels: texts(given.Labels),
  })
}

/** An object without its undefined keys. */
export function present<T extends object>(
  value: {
    [K in keyof T]: T[K] | undefined
  },
): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
}

/** More ports than this are a range whose ports are not used one by one: it stays a range. */
const LONGEST_RANGE = 1000

/** Of so many entries none is expanded: each can stand for a thousand ports. */
const MOST_EXPANDED = 2000

/** Ports as EXPOSE and configurations have them (`80`, `53/UDP`, `8000-8002/tcp`), each on its own as `80/tcp`, sorted. */
export function exposedPorts(texts: Iterable<string>): string[] {
  const listed = [...texts]
  const longest = listed.length > MOST_EXPANDED ? 1 : LONGEST_RANGE
  const ports = listed.flatMap((text) => {
    const [, first, last = first, protocol = 'tcp'] =
      /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text) ?? []
    const count = Number(last) - Number(first) + 1
    if (!(count > 0 && Number(last) <= 65535)) return []
    if (count > longest) return `${first}-${last}/${protocol.toLowerCase()}`
    return Array.from(
      { length: count },
      (_, at) => `${Number(first) + at}/${protocol.toLowerCase()}`,
    )
  })
  return [...new Set(ports)].sort(
    (a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1),
  )
}

function portsOf(value: unknown): string[] | undefined {
  const ports = exposedPorts(Object.keys(record(value)))
  return ports.length === 0 ? undefined : ports
}

function healthcheck(value: unknown): ImageHealthcheck | undefined {
  const { Test, Interval, Timeout, StartPeriod, StartInterval, Retries } = record(value)
  const test = words(Test)
  if (test === undefined) return undefined
  return present<ImageHealthcheck>({
    test,
    interval: seconds(Interval),
    timeout: seconds(Timeout),
    start_period: seconds(StartPeriod),
    start_interval: seconds(StartInterval),
    retries: isCount(Retries) ? Retries : undefined,
  })
}

/** Docker counts in nanoseconds, and 0 means its default. */
function seconds(nanoseconds: unknown): string | undefined {
  return typeof nanoseconds === 'number' && nanoseconds > 0 && Number.isSafeInteger(nanoseconds)
    ? `${nanoseconds / 1e9}s`
    : undefined
}

/** Kubernetes takes numbers of 32 bits. */
function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function words(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
    ? value
    : undefined
}

function keys(value: unknown): string[] | undefined {
  const found = Object.keys(record(value))
  return found.length === 0 ? undefined : found
}

function texts(value: unknown): Record<string, string> | undefined {
  const found = Object.entries(record(value)).filter((entry) => typeof entry[1] === 'string')
  return found.length === 0 ? undefined : (Object.fromEntries(found) as Record<string, string>)
}

function pairs(lines: readonly string[] | undefined): Record<string, string> | undefined {
  if (lines === undefined) return undefined
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=')
      return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}
