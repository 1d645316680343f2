import type { ServiceConversion } from '../../conversion.ts'

/** Servers that work in memory, by the last part of the repository. */
const IN_MEMORY = /(^|\/)(redis|valkey|keydb|dragonfly|garnet|memcached)$/

/** Options, variables and files that make such a server write what it has. */
const PERSISTS =
  /(?<![a-z0-9])(appendonly|aof_enabled)["']?[\s=:]+["']?(yes|true|1)\b|--save[\s=]+["']?\d|--(dir|dbfilename|appenddirname)\b|\.conf\b|\brdb\b/i

const SWITCHED_OFF = /--save[\s=]*(""|''|\0)/

/** Names of what has to be there after a restart. */
const OF_STATE =
  /(^|[-_.])(db|database|data|store|storage|queues?|broker|jobs?|persist\w*|state|vectors?|sessions?|primary|master)([-_.\d]|$)/i

/**
 * Whether a server that works in memory is used as a cache: the project does not make it write to disk, gives it no directory, and does not
 * name it after what is kept. Redis saves from time to time if nothing is set; with `--save ""` it keeps nothing under Docker either.
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
  if (SWITCHED_OFF.test(text)) return true
  const { hostname = '', container_name: name = '' } = compose
  return ![service, hostname, name].some((one) => OF_STATE.test(one))
}
