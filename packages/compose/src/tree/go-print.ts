import type { ScalarNode } from './node.ts'

/** A scalar as Go's `%v` prints it: `1.50` → `1.5`, `100000000.0` → `1e+08`, null → `<nil>`. */
export function goPrint(scalar: Pick<ScalarNode, 'type' | 'value'>): string {
  if (scalar.type === 'null') return '<nil>'
  if (scalar.type === 'float') return goPrintFloat(scalar.value as number)
  return String(scalar.value)
}

/** Go's `%v` of a float64: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e6 on. */
export function goPrintFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const [digits = '0', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 6) {
    const sign = exponent < 0 ? '-' : '+'
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  return String(value)
}

/** The number whose shortest digits are those that Go prints for the float32 nearest to a value. */
export function asFloat32(value: number): number {
  const single = Math.fround(value)
  for (let digits = 1; digits < 10; digits++) {
    const shorter = Number(single.toPrecision(digits))
    if (Math.fround(shorter) === single) return shorter
  }
  return single
}
