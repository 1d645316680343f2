import { asFloat32 } from '../tree/go-print.ts'
import type { ScalarNode } from '../tree/node.ts'
import { compileRules, type Rules } from '../tree/rules.ts'

type Value = Pick<ScalarNode, 'type' | 'value'>

export interface Cast {
  /** What a text must be, for the message: `a whole number`. */
  readonly expects: string
  /** undefined: the text is none. */
  cast(text: string): Value | undefined
}

export const toInt: Cast = {
  expects: 'a whole number',
  cast: (text) => {
    if (!/^[-+]?[0-9]+$/.test(text)) return undefined
    const value = BigInt(text.replace(/^\+/, ''))
    if (value > 0x7fff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) return undefined
    const number = Number(value)
    return { type: 'int', value: Number.isSafeInteger(number) ? number : value }
  },
}

const decimal =
  /^[-+]?(?:inf(?:inity)?|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?|0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[-+]?[0-9]+)$/i

function parseFloat64(text: string): number | undefined {
  if (!decimal.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

const toFloat: Cast = {
  expects: 'a number',
  cast: (text) => {
    const value = parseFloat64(text)
    return value === undefined ? undefined : { type: 'float', value }
  },
}

export const toFloat32: Cast = {
  expects: 'a number',
  cast: (text) => {
    const value = parseFloat64(text)
    return value === undefined ? undefined : { type: 'float', value: asFloat32(value) }
  },
}

export const toBoolean: Cast = {
  expects: 'true or false',
  cast: (text) => {
    const word = text.toLowerCase()
    if (word === 'true' || isOldTrue(word)) return { type: 'bool', value: true }
    if (word === 'false' || isOldFalse(word)) return { type: 'bool', value: false }
    return undefined
  },
}

/** Whether a text is a boolean of YAML 1.1 alone, which is accepted with a warning. */
export function isOldBoolean(text: string): boolean {
  const word = text.toLowerCase()
  return isOldTrue(word) || isOldFalse(word)
}

const isOldTrue = (word: string) => word === 'y' || word === 'yes' || word === 'on'
const isOldFalse = (word: string) => word === 'n' || word === 'no' || word === 'off'

const updateConfig = { parallelism: toInt, max_failure_ratio: toFloat }

/** Where texts become numbers and booleans after substitution, quoted ones too. */
export const casts: Rules<Cast> = compileRules({
  ...below('services.*', {
    cpu_count: toInt,
    cpu_percent: toFloat,
    cpu_period: toInt,
    cpu_quota: toInt,
    cpu_rt_period: toInt,
    cpu_rt_runtime: toInt,
    cpu_shares: toInt,
    cpus: toFloat32,
    'deploy.replicas': toInt,
    'deploy.restart_policy.max_attempts': toInt,
    'deploy.placement.max_replicas_per_node': toInt,
    ...below('deploy.update_config', updateConfig),
    ...below('deploy.rollback_config', updateConfig),
    'healthcheck.retries': toInt,
    'healthcheck.disable': toBoolean,
    init: toBoolean,
    oom_kill_disable: toBoolean,
    oom_score_adj: toInt,
    pids_limit: toInt,
    'ports.[].target': toInt,
    privileged: toBoolean,
    read_only: toBoolean,
    scale: toInt,
    stdin_open: toBoolean,
    tty: toBoolean,
    'ulimits.*': toInt,
    'ulimits.*.hard': toInt,
    'ulimits.*.soft': toInt,
    'volumes.[].read_only': toBoolean,
    'volumes.[].volume.nocopy': toBoolean,
  }),
  ...below('networks.*', {
    external: toBoolean,
    internal: toBoolean,
    attachable: toBoolean,
    enable_ipv4: toBoolean,
    enable_ipv6: toBoolean,
  }),
  'volumes.*.external': toBoolean,
  'secrets.*.external': toBoolean,
  'configs.*.external': toBoolean,
})

function below(prefix: string, table: Record<string, Cast>): Record<string, Cast> {
  return Object.fromEntries(
    Object.entries(table).map(([pattern, cast]) => [`${prefix}.${pattern}`, cast]),
  )
}
