import type { ServiceConversion } from '../../conversion.ts'

/** Servers that work in memory, by the last part of the repository. */
const IN_MEMORY = /(^|\/)(redis|valkey|keydb|dragonfly|garnet|memcached)$/

/** Of these, what never writes to disk. */
const NEVER_WRITES = /(^|\/)memcached$/

/** Options, variables and files that make such a server write what it has. */
const PERSISTS =
  /(?<![a-z0-9])(appendonly|aof_enabled)["']?[\s=:]+["']?(yes|true|1)\b|--save[\s=]+["']?\d|--(dir|dbfilename|appenddirname)\b|\.conf\b|\brdb\b/i

/** Options with which a server writes nothing, or throws away what does not fit: https://redis.io/docs/latest/develop/reference/eviction/. */
const FORGETS = /--save[\s=]*(""|''|\0)|maxmemory[-_]policy["']?[\s=:]+["']?(allkeys|volatile)-/i

/** Names of what may be lost. */
const OF_CACHE = /(^|[-_.])\w*cache\w*([-_.]|$)/i

/**
 * Whether a server that works in memory is used as a cache: the project does not make it write to disk, gives it no directory, and says in its
 * options or its name that it may forget. Redis saves from time to time if nothing is set, and Docker keeps what it saved.
 */
export function isCacheOnly({ service, compose }: ServiceConversion): boolean {
  const [repository = ''] = (compose.image ?? '').replace(/@.*/, '').split(/:(?!.*\/)/)
  if (!IN_MEMORY.test(repository)) return false
  const words = [...(compose.entrypoint ?? []), ...(compose.command ?? [])]
  const text = words.map((word) => (word === '' ? '\0' : word)).join(' ')
  const variables = Object.entries(compose.environment ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  )
  const mounts = [...(compose.volumes ?? []), ...(compose.configs ?? [])].map(
    ({ target }) => target,
  )
  if (PERSISTS.test([text, ...variables, ...mounts].join('\n'))) return false
  const { hostname = '', container_name: name = '' } = compose
  return (
    NEVER_WRITES.test(repository) ||
    FORGETS.test([text, ...variables].join('\n')) ||
    [service, hostname, name].some((one) => OF_CACHE.test(one))
  )
}
