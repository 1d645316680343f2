const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['w', 604_800_000_000_000n],
])

/** The largest number that Go keeps in 64 bits. */
const int64Max = 0x7fff_ffff_ffff_ffffn

/**
 * Nanoseconds of a duration as Compose reads it: Go's `time.ParseDuration` with days and weeks (github.com/xhit/go-str2duration),
 * `1m30s`, `1.5h`, `-2d`, `1w`. Undefined if the text is not a duration, such as a number without a unit, or does not fit
 * into 64 bits (292 years).
 */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  let rest = text.slice(sign.length)
  if (rest === '0') return 0n
  if (rest === '') return undefined
  let total = 0n
  while (rest !== '') {
    const part = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]+)/.exec(rest)
    const unit = part === null ? undefined : units.get(part[3] as string)
    if (part === null || unit === undefined || (!part[1] && !part[2])) return undefined
    const whole = BigInt(part[1] || 0)
    if (whole > int64Max) return undefined
    total += whole * unit + fraction(part[2] ?? '', unit)
    if (total > int64Max) return undefined
    rest = rest.slice(part[0].length)
  }
  return sign === '-' ? -total : total
}

/** The part after the point in nanoseconds; Go reads as many digits as fit into 64 bits, and multiplies in floating point. */
function fraction(digits: string, unit: bigint): bigint {
  let value = 0n
  let scale = 1
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit)
    if (next > int64Max) break
    value = next
    scale *= 10
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}

/**
 * Seconds of a duration as Compose reads it (see parseDuration), fractions included. Undefined if the text is not a duration
 * or a negative one, which no key of Compose has a use for.
 */
export function parseSeconds(text: string): number | undefined {
  const nanoseconds = parseDuration(text)
  return nanoseconds === undefined || nanoseconds < 0n ? undefined : Number(nanoseconds) / 1e9
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
