const exponents: Record<string, number> = { k: 1, m: 2, g: 3, t: 4, p: 5 }

/** Docker keeps bytes in 64 bits; what does not fit becomes the least number that does. */
const int64End = 2 ** 63

/** Bytes of `512`, `64k`, `1.5gb`, `2 MiB`: units of 1024, fractions cut off. undefined: no size. */
export function parseBytes(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text)
  if (match === null || Number(match[1]) < 0) return undefined
  const bytes = Math.trunc(
    Number(match[1]) * 1024 ** (exponents[(match[2] ?? '').toLowerCase()] ?? 0),
  )
  if (!Number.isFinite(bytes)) return undefined
  return bytes < int64End ? bytes + 0 : -int64End
}
