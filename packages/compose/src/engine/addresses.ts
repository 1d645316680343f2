/** The number that an IP address stands for, and its bits; undefined: the text is not an IP address. */
export function parseIp(
  text: string,
): { readonly value: bigint; readonly bits: 32 | 128 } | undefined {
  const four = parseIpv4(text)
  if (four !== undefined) return { value: four, bits: 32 }
  const six = parseIpv6(text)
  return six === undefined ? undefined : { value: six, bits: 128 }
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part)))
    return undefined
  if (parts.some((part) => Number(part) > 255)) return undefined
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
}

function parseIpv6(text: string): bigint | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = dotted === null ? undefined : parseIpv4(dotted[2] as string)
  if (dotted !== null && four === undefined) return undefined
  const hex = (group: bigint) => group.toString(16)
  const whole =
    dotted === null || four === undefined
      ? text
      : `${dotted[1]}${hex(four >> 16n)}:${hex(four & 0xffffn)}`
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n)
}

export interface Subnet {
  readonly first: bigint
  readonly last: bigint
  readonly bits: 32 | 128
}

/** The addresses of a subnet in CIDR notation; undefined: the text is not one. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = '', length = ''] = /^(.+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? []
  const ip = parseIp(address)
  if (ip === undefined || Number(length) > ip.bits) return undefined
  const size = 1n << BigInt(ip.bits - Number(length))
  const first = ip.value - (ip.value % size)
  return { first, last: first + size - 1n, bits: ip.bits }
}

/** Whether a text is a MAC address as Go's `net.ParseMAC` reads it: 6, 8 or 20 bytes. */
export function isMacAddress(text: string): boolean {
  const groups = text.split(/[:-]/)
  if (/^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text)) return [14, 19, 49].includes(text.length)
  const separators = new Set(text.match(/[:-]/g) ?? [])
  return (
    separators.size === 1 &&
    [6, 8, 20].includes(groups.length) &&
    groups.every((group) => /^[0-9a-fA-F]{2}$/.test(group))
  )
}
