const BINARY_UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const

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
 * Kubernetes counts in thousandths, so anything finer is rounded up. Undefined when it is not such a number.
 */
export function cpuQuantity(cpus: string | number): string | undefined {
  const number = typeof cpus === 'string' && cpus.trim() === '' ? Number.NaN : Number(cpus)
  if (!Number.isFinite(number) || number < 0) return undefined
  const thousandths = Math.ceil(Number((number * 1000).toFixed(6)))
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`
}

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
}

/**
 * The number that a Kubernetes quantity stands for: `256Mi` is 268435456, `100m` is 0.1. Undefined if the text is not a quantity.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const [, amount, suffix] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([KMGTPE]i|[numkMGTPE])?$/.exec(text) ?? []
  if (amount === undefined || (suffix !== undefined && /e/i.test(amount))) return undefined
  return Number(amount) * (SUFFIXES[suffix ?? ''] ?? 1)
}

/** Whether a text is a Kubernetes quantity: `256Mi`, `1.5`, `100m`, `1e3`. */
export function isQuantity(text: string): boolean {
  return parseQuantity(text) !== undefined
}
