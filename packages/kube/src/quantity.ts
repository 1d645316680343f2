const BINARY_UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const

/**
 * Bytes of a Compose byte value: a number, `536870912`, `512m`, `1.5gb`, `64 KiB`; every unit is a power of 1024.
 * Undefined when it is none. https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-byte-values
 */
export function parseByteValue(value: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp])?i?b?$/i.exec(String(value).trim())
  if (match === null) return undefined
  const power = match[2] === undefined ? 0 : ' kmgtp'.indexOf(match[2].toLowerCase())
  return Math.floor(Number(match[1]) * 1024 ** power)
}

/** Bytes as a Kubernetes quantity in its canonical form: 536870912 is `512Mi`, 1000 is `1000`. */
export function byteQuantity(bytes: number): string {
  let unit = 0
  let amount = bytes
  while (amount > 0 && amount % 1024 === 0 && unit < BINARY_UNITS.length - 1) {
    amount /= 1024
    unit++
  }
  return `${amount}${BINARY_UNITS[unit]}`
}

/**
 * A number of processors as a Kubernetes quantity in its canonical form: 0.5 is `500m`, `2` is `2`.
 * Kubernetes counts in thousandths, so anything finer is rounded up. Undefined when it is no such number.
 */
export function cpuQuantity(cpus: string | number): string | undefined {
  const number = typeof cpus === 'string' && cpus.trim() === '' ? Number.NaN : Number(cpus)
  if (!Number.isFinite(number) || number < 0) return undefined
  const thousandths = Math.ceil(Number((number * 1000).toFixed(6)))
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`
}

/**
 * Whether a text is a Kubernetes quantity: `256Mi`, `1.5`, `100m`, `1e3`.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function isQuantity(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(text)
}
