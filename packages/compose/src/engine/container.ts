import { parseDuration } from '../canonical/duration.ts'
import type { Service } from '../project.ts'
import { suggest } from '../schema/suggest.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'
import { invalidImage } from './image-reference.ts'

/** What makes a container and its process: image, names, restart policy, signals, capabilities, health check. */
export const containerRules: ServiceRule = (service) => [
  imageRule(service.image),
  ...tagRules(service.build),
  userRule(service.user),
  restartRule(service.restart, service.deploy?.restart_policy),
  signalRule(service.stop_signal),
  ...capabilityRule('cap_add', 'CapAdd', service.cap_add),
  ...capabilityRule('cap_drop', 'CapDrop', service.cap_drop),
  nameRule(service.container_name),
  hostnameRule(service.hostname),
  workingDirRule(service.working_dir),
  ...Object.keys(service.environment ?? {}).map(
    (name) =>
      name === '' && {
        path: '/environment',
        message: `invalid environment variable: =${service.environment?.[name] ?? ''}`,
        hint: 'give the variable a name',
      },
  ),
  ...healthcheckRules(service.healthcheck),
  ...lengthRules(service),
]

/** Bytes of one argument or variable with its name; Linux counts one more that ends it. Reference: execve(2), MAX_ARG_STRLEN. */
const longestArgument = 131_071

/** Linux starts no program with a longer argument or variable: the engine reports it when the container starts. */
function lengthRules({ entrypoint, command, environment }: Service): Finding[] {
  const texts = [
    ...Object.entries({ entrypoint, command }).flatMap(([key, words]) =>
      (words ?? []).map((word, index) => [pointerTo(`/${key}`, index), word] as const),
    ),
    ...Object.entries(environment ?? {}).map(
      ([name, value]) => [pointerTo('/environment', name), `${name}=${value ?? ''}`] as const,
    ),
  ]
  return texts.flatMap(([path, text]) => {
    // A text of so many characters has at most three times as many bytes.
    const bytes = text.length * 3 <= longestArgument ? 0 : new TextEncoder().encode(text).length
    if (bytes <= longestArgument) return []
    const message = `argument list too long: ${bytes} bytes in one argument or variable, and Linux takes ${longestArgument}`
    return [{ path, message, hint: 'give it to the program as a file: a config or a secret' }]
  })
}

function imageRule(image: string | undefined): Finding | undefined {
  const problem = image ? invalidImage(image) : undefined
  return problem && { path: '/image', ...problem }
}

/** Further names of an image that is built. */
function tagRules(build: object | undefined): Finding[] {
  const { tags } = (build ?? {}) as { tags?: unknown }
  return (Array.isArray(tags) ? tags : []).flatMap((tag, index): Finding | [] => {
    const problem = typeof tag === 'string' ? invalidImage(tag) : undefined
    if (problem === undefined) return []
    const message = `invalid tag "${tag}": ${problem.message}`
    return { path: pointerTo('/build/tags', index), ...problem, message }
  })
}

const largestId = 2_147_483_647

/**
 * A user and a group. Names are looked up in the image, where nothing can be after a second colon: the engine leaves it out
 * after a number, and finds no group otherwise. Reference: https://github.com/moby/sys (user, GetExecUser)
 */
function userRule(user: string | undefined): Finding | undefined {
  if (!user) return undefined
  const [name = '', group = '', ...rest] = user.split(':')
  const path = '/user'
  const hint = 'write "user", "user:group", or their numbers'
  const outOfRange = [name, group].some(
    (id) => /^[-+]?\d+$/.test(id) && (Number(id) < 0 || Number(id) > largestId),
  )
  if (outOfRange)
    return { path, message: `uids and gids must be in range 0-${largestId}: "${user}"`, hint }
  if (rest.length > 0 && !/^(?:\d*|root)$/.test(group))
    return {
      path,
      message: `unable to find group ${group}: no matching entries in group file`,
      hint,
    }
  return undefined
}

const policies = ['no', 'always', 'on-failure', 'unless-stopped']

/** `deploy.restart_policy` wins over `restart`. Docker Compose reads `none` and `any` in both. */
function restartRule(restart: string | undefined, policy: unknown): Finding | undefined {
  const deployed = policy as { condition?: string; max_attempts?: number } | undefined
  const path = deployed === undefined ? '/restart' : '/deploy/restart_policy/condition'
  const [name = '', count = ''] =
    deployed === undefined
      ? (restart ?? '').split(':')
      : [deployed.condition ?? '', String(deployed.max_attempts ?? 0)]
  const attempts = /^[-+]?\d+$/.test(count) ? Number(count) : 0
  const known = name === 'none' ? 'no' : name === 'any' ? 'always' : name
  if (known === '') return undefined
  if (!policies.includes(known)) {
    const near = suggest(known, policies)
    return {
      path,
      message: `invalid restart policy: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
      hint: near && `did you mean "${near}"?`,
    }
  }
  if (known !== 'on-failure' && attempts !== 0)
    return {
      path,
      message: "invalid restart policy: maximum retry count can only be used with 'on-failure'",
      hint: 'remove the count, or use on-failure',
    }
  if (attempts < 0)
    return { path, message: 'invalid restart policy: maximum retry count cannot be negative' }
  return undefined
}

const signals = [
  ...'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS'.split(
    ' ',
  ),
  ...'TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'.split(' '),
]
const realTimeSignal = /^(?:RTMIN\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4]))$/

/** Reference: https://github.com/moby/sys/tree/main/signal */
function signalRule(signal: string | undefined): Finding | undefined {
  if (!signal) return undefined
  const name = signal.toUpperCase().replace(/^SIG/, '')
  const isValid = /^[-+]?\d+$/.test(signal)
    ? Number(signal) !== 0
    : signals.includes(name) || realTimeSignal.test(name)
  if (isValid) return undefined
  const near = suggest(name, signals)
  return {
    path: '/stop_signal',
    message: `invalid signal: ${signal}`,
    hint: near && `did you mean "SIG${near}"?`,
  }
}

const capabilities = [
  ...'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE'.split(
    ' ',
  ),
  ...'DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN'.split(
    ' ',
  ),
  ...'MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID'.split(
    ' ',
  ),
  ...'SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE'.split(
    ' ',
  ),
  ...'SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM ALL'.split(' '),
]

/** Reference: capabilities(7) */
function capabilityRule(key: string, field: string, names: readonly string[] = []): Finding[] {
  return names.flatMap((name, index) => {
    const short = name.toUpperCase().replace(/^CAP_/, '')
    if (capabilities.includes(short) && name.toUpperCase() !== 'CAP_ALL') return []
    const near = suggest(short, capabilities)
    return {
      path: pointerTo(`/${key}`, index),
      message: `invalid ${field}: unknown capability: "CAP_${short}"`,
      hint: near && `did you mean "${near}"?`,
    }
  })
}

function nameRule(name: string | undefined): Finding | undefined {
  if (!name || /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return undefined
  return {
    path: '/container_name',
    message: `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    hint: 'use at least two letters, digits, "_", "." or "-", beginning with a letter or digit',
  }
}

/** The kernel takes at most 64 bytes. */
function hostnameRule(hostname = ''): Finding | undefined {
  if (new TextEncoder().encode(hostname).length <= 64) return undefined
  return { path: '/hostname', message: `hostname "${hostname}" is too long (maximum 64 bytes)` }
}

function workingDirRule(directory: string | undefined): Finding | undefined {
  if (!directory || /^(?:\/|[A-Za-z]:)/.test(directory)) return undefined
  return {
    path: '/working_dir',
    message: `the working directory '${directory}' is invalid, it needs to be an absolute path`,
    hint: `write "/${directory.replace(/^\.?\/*/, '')}"`,
  }
}

const healthcheckTimes = {
  interval: 'Interval',
  timeout: 'Timeout',
  start_period: 'StartPeriod',
  start_interval: 'StartInterval',
} as const

function healthcheckRules(healthcheck: object = {}): Finding[] {
  const given = healthcheck as Readonly<Record<string, unknown>>
  return Object.entries(healthcheckTimes).flatMap(([key, field]) => {
    const text = given[key]
    const time = typeof text === 'string' ? parseDuration(text) : undefined
    if (time === undefined || time === 0n || time >= 1_000_000n) return []
    return {
      path: `/healthcheck/${key}`,
      message: `${field} in Healthcheck cannot be less than 1ms`,
    }
  })
}
