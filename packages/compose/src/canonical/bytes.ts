const exponents: Record<string, number> = { k: 1, m: 2, g: 3, t: 4, p: 5 }

/** Docker keeps bytes in 64 bits; what does not fit becomes the least number that does. */
const int64End = 2 ** 63

/**
 * Bytes of a size as Docker reads it (`RAMInBytes` of github.com/docker/go-units): `512`, `64k`, `1.5gb`, `2 MiB`. Units are
 * powers of 1024, fractions of a byte are cut off, and a size of 8 EiB or more is the negative number that Docker makes of
 * it on amd64. Undefined if the text is not a size.
 */
export function dockerBytes(text: string): number | undefined {
  const [, amount, , letter = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?) ?(([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? []
  const number = Number(amount)
  if (amount === undefined || number < 0 || !Number.isFinite(number)) return undefined
  const bytes = Math.trunc(number * 1024 ** (exponents[letter.toLowerCase()] ?? 0))
  return bytes < int64End ? bytes + 0 : -int64End
}

/** Bytes of a size as Docker reads it; undefined if the text is not a size, or one of 8 EiB or more. */
export function parseBytes(text: string): number | undefined {
  const bytes = dockerBytes(text)
  return bytes === undefined || bytes < 0 ? undefined : bytes
}
