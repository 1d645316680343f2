/** A label and what stands beside it, one line each. */
export type Row = readonly [label: string, values: readonly string[]]

/** The rows that have values as lines, their values in one column. */
export function layOut(rows: readonly Row[], indent: string): string[] {
  const filled = rows.filter(([, values]) => values.length > 0)
  const width = Math.max(0, ...filled.map(([label]) => label.length))
  return filled.flatMap(([label, values]) =>
    values.map((value, index) => `${indent}${(index === 0 ? label : '').padEnd(width)}  ${value}`),
  )
}

/** One value of texts of which some are left out; none where all are. */
export function joined(parts: readonly (string | undefined | false)[]): string[] {
  const kept = parts.filter((part) => typeof part === 'string')
  return kept.length === 0 ? [] : [kept.join(', ')]
}

/** `a=1` */
export function pairs(map: Readonly<Record<string, string>>): string[] {
  return Object.entries(map).map(([key, value]) => `${key}=${value}`)
}
