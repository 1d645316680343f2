import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'

const leastMemory = 6 * 1024 * 1024

/** Memory, CPU and process limits that no machine allows. */
export const resourceRules: ServiceRule = (service) => {
  const limits = section(section(service.deploy, 'resources'), 'limits')
  const reservations = section(section(service.deploy, 'resources'), 'reservations')
  const memory = number(limits, 'memory') ?? number(service, 'mem_limit') ?? 0
  const reserved = number(reservations, 'memory') ?? number(service, 'mem_reservation') ?? 0
  const swap = number(service, 'memswap_limit') ?? 0
  const cpus = number(limits, 'cpus') ?? number(service, 'cpus') ?? 0
  const memoryPath = limits.memory === undefined ? '/mem_limit' : '/deploy/resources/limits/memory'
  const reservedPath =
    reservations.memory === undefined ? '/mem_reservation' : '/deploy/resources/reservations/memory'
  const cpusPath = limits.cpus === undefined ? '/cpus' : '/deploy/resources/limits/cpus'
  const unit = (bytes: number) =>
    bytes < 1024 * 1024 ? 'sizes without a unit are bytes: write "64m" for 64 MiB' : undefined
  return [
    memory !== 0 &&
      memory < leastMemory && {
        path: memoryPath,
        message: 'Minimum memory limit allowed is 6MB',
        hint: unit(memory),
      },
    reserved > 0 &&
      reserved < leastMemory && {
        path: reservedPath,
        message: 'Minimum memory reservation allowed is 6MB',
        hint: unit(reserved),
      },
    memory > 0 &&
      reserved > memory && {
        path: reservedPath,
        message: 'Minimum memory limit can not be less than memory reservation limit',
      },
    memory === 0 &&
      swap > 0 && {
        path: '/memswap_limit',
        message: 'You should always set the Memory limit when using Memoryswap limit',
        hint: 'set mem_limit',
      },
    cpusetRule(service.cpuset),
    cpus < 0 && { path: cpusPath, message: 'the number of CPUs cannot be negative' },
    ...cpuSchedulerRules(service, cpus),
    ...ulimitRules(section(service, 'ulimits')),
  ]
}

/** Reference: https://github.com/moby/moby (pkg/parsers, ParseUintList) */
function cpusetRule(cpuset: unknown): Finding | false {
  if (typeof cpuset !== 'string' || cpuset === '') return false
  const isValid = cpuset.split(',').every((part) => {
    const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    return from !== '' && Number(from) <= Number(to)
  })
  return (
    !isValid && {
      path: '/cpuset',
      message: `Invalid value ${cpuset} for cpuset cpus`,
      hint: 'write numbers and ranges of CPUs: "0,2-3"',
    }
  )
}

function cpuSchedulerRules(service: object, cpus: number): (Finding | false)[] {
  const period = number(service, 'cpu_period') ?? 0
  const quota = number(service, 'cpu_quota') ?? 0
  const both = (what: string) => `Conflicting options: Nano CPUs and CPU ${what} cannot both be set`
  const hint = 'keep "cpus" alone'
  return [
    cpus > 0 && period > 0 && { path: '/cpu_period', message: both('Period'), hint },
    cpus > 0 && quota > 0 && { path: '/cpu_quota', message: both('Quota'), hint },
    period !== 0 &&
      (period < 1000 || period > 1_000_000) && {
        path: '/cpu_period',
        message:
          'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)',
      },
    quota > 0 &&
      quota < 1000 && {
        path: '/cpu_quota',
        message: 'CPU cfs quota can not be less than 1ms (i.e. 1000)',
      },
  ]
}

const limitNames =
  'as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  )

/** The kernel refuses a soft limit above the hard one, and the runtime a name that it does not know. Reference: setrlimit(2) */
function ulimitRules(ulimits: Readonly<Record<string, unknown>>): Finding[] {
  return Object.entries(ulimits).flatMap(([name, limit]): Finding | [] => {
    const path = pointerTo('/ulimits', name)
    if (name.startsWith('x-')) return []
    if (!limitNames.includes(name))
      return {
        path,
        message: `wrong rlimit value: RLIMIT_${name.toUpperCase()}`,
        hint: `known limits are ${limitNames.join(', ')}`,
      }
    const { soft, hard } = (limit ?? {}) as { soft?: unknown; hard?: unknown }
    if (unlimited(soft) <= unlimited(hard)) return []
    return {
      path,
      message: `ulimit ${name}: soft limit must be less than or equal to hard limit: ${soft} > ${hard}`,
    }
  })
}

function unlimited(limit: unknown): number {
  return limit === -1 ? Number.POSITIVE_INFINITY : typeof limit === 'number' ? limit : 0
}

function section(holder: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = (holder as Readonly<Record<string, unknown>> | undefined)?.[key]
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

/** A number or size; sizes are texts of bytes in the canonical project. */
function number(holder: object, key: string): number | undefined {
  const value = (holder as Readonly<Record<string, unknown>>)[key]
  const numeric = typeof value === 'string' ? Number(value) : value
  return typeof numeric === 'number' && Number.isFinite(numeric) ? numeric : undefined
}
