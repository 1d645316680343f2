const units: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
}

/** Nanoseconds of `1m30s`, `1.5h`, `2d`; undefined where the text is no duration, such as a number without a unit. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([-+]?)(.*)$/s.exec(text)
  const [, sign, body = ''] = match ?? []
  if (body === '0') return 0n
  if (body === '') return undefined
  let total = 0n
  let rest = body
  while (rest !== '') {
    const part = /^([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h|d|w)/.exec(rest)
    if (part === null || (!part[1] && !part[2])) return undefined
    const unit = units[part[3] as string] as bigint
    total += BigInt(part[1] || 0) * unit
    if (part[2]) total += (BigInt(part[2]) * unit) / 10n ** BigInt(part[2].length)
    if (total > 0x7fff_ffff_ffff_ffffn) return undefined
    rest = rest.slice(part[0].length)
  }
  return sign === '-' ? -total : total
}

/** Nanoseconds as Go prints a duration: `1m30s`, `1.5s`, `10µs`. */
export function printDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (value < 1_000n) return `${sign}${value}ns`
  if (value < 1_000_000n) return `${sign}${decimal(value, 1_000n)}µs`
  if (value < 1_000_000_000n) return `${sign}${decimal(value, 1_000_000n)}ms`
  const hours = value / 3_600_000_000_000n
  const minutes = (value / 60_000_000_000n) % 60n
  const seconds = `${decimal(value % 60_000_000_000n, 1_000_000_000n)}s`
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit).toString().padStart(unit.toString().length - 1, '0')
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? String(value / unit) : `${value / unit}.${digits}`
}
