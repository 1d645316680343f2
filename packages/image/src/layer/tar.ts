import { Buffer } from 'node:buffer'
import type { Chunks } from '../blob.ts'
import { Unreadable } from '../unreadable.ts'

/** A member of a tar archive, as its header has it. */
export interface TarMember {
  /** Without `./` or slash in front and without slash behind. */
  path: string
  kind: 'file' | 'directory' | 'link' | 'other'
  /** Bytes of content. */
  size: number
  /** Where the content begins in the archive. */
  offset: number
}

const BLOCK = 512

/** Names and other long header values; more is an attack. */
const LONGEST_HEADER = 1024 * 1024

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  '': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
}

/**
 * Reads an archive from its start to its end; gives each member, with its content where `wants` says so.
 * Knows ustar, pax and GNU headers. Throws Unreadable for what is no archive.
 */
export async function* readTar(
  chunks: Chunks,
  wants: (member: TarMember) => boolean,
): AsyncGenerator<{ member: TarMember; content?: Buffer }> {
  const input = byteReader(chunks)
  let long: { path?: string; size?: number } = {}
  for (;;) {
    const header = await input.take(BLOCK)
    if (header === undefined || header.every((byte) => byte === 0)) break
    if (!isHeader(header)) throw new Unreadable('a layer is no tar archive')
    const type = textAt(header, 156, 1)
    const size = numberAt(header, 124, 12)
    if (type === 'x' || type === 'L' || type === 'g' || type === 'K') {
      if (!(size <= LONGEST_HEADER)) throw new Unreadable('a layer has a name without end')
      const content = (await input.take(padded(size)))?.subarray(0, size)
      if (content === undefined) throw cutOff()
      if (type === 'x') long = { ...long, ...paxValues(content) }
      if (type === 'L') long.path = content.toString('utf8').replace(/\0.*$/s, '')
      continue
    }
    const member: TarMember = {
      path: cleanPath(long.path ?? nameOf(header)),
      kind: KINDS[type] ?? 'other',
      size: long.size ?? size,
      offset: input.position(),
    }
    long = {}
    if (!Number.isSafeInteger(member.size) || member.size < 0)
      throw new Unreadable('an archive has a member without a size')
    if (member.kind === 'file' && wants(member)) {
      const content = await input.take(padded(member.size))
      if (content === undefined) throw cutOff()
      yield { member, content: content.subarray(0, member.size) }
    } else {
      yield { member }
      if (!(await input.skip(padded(member.size)))) throw cutOff()
    }
  }
  await input.drain()
}

function cutOff(): Unreadable {
  return new Unreadable('an archive is cut off')
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

function isHeader(header: Buffer): boolean {
  const sum = numberAt(header, 148, 8)
  const counted = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return sum === counted
}

function textAt(header: Buffer, at: number, length: number): string {
  return header
    .subarray(at, at + length)
    .toString('utf8')
    .replace(/\0.*$/s, '')
}

/** Octal, or big-endian binary where the first bit is set, as GNU writes large numbers. */
function numberAt(header: Buffer, at: number, length: number): number {
  const first = header[at] ?? 0
  if ((first & 0x80) === 0) return Number.parseInt(textAt(header, at, length).trim() || '0', 8)
  let value = first & 0x7f
  for (let index = at + 1; index < at + length; index++) value = value * 256 + (header[index] ?? 0)
  return value
}

function nameOf(header: Buffer): string {
  const name = textAt(header, 0, 100)
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function cleanPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
}

/** `27 path=a/long/name\n`, where the number counts the whole line. */
function paxValues(content: Buffer): { path?: string; size?: number } {
  const values: { path?: string; size?: number } = {}
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at)
    const length = Number(content.toString('latin1', at, space))
    if (space === -1 || !(length > 0)) break
    const [, key, value = ''] =
      /^([^=]*)=(.*)\n$/s.exec(content.toString('utf8', space + 1, at + length)) ?? []
    if (key === 'path') values.path = value
    if (key === 'size') values.size = Number(value)
    at += length
  }
  return values
}

/** Bytes in the pieces that a reader wants. */
function byteReader(chunks: Chunks) {
  const iterator = chunks[Symbol.asyncIterator]()
  let held: Buffer[] = []
  let heldSize = 0
  let position = 0
  const fetchMore = async (): Promise<boolean> => {
    const { value, done } = await iterator.next()
    if (done === true) return false
    held.push(Buffer.from(value.buffer, value.byteOffset, value.length))
    heldSize += value.length
    return true
  }
  const release = (count: number): Buffer => {
    const [first] = held
    const all = first !== undefined && first.length >= count ? first : Buffer.concat(held)
    const rest = first === all ? held.slice(1) : []
    held = all.length > count ? [all.subarray(count), ...rest] : rest
    heldSize -= count
    position += count
    return all.subarray(0, count)
  }
  return {
    position: () => position,
    /** undefined where the archive ends before. */
    async take(count: number): Promise<Buffer | undefined> {
      while (heldSize < count) if (!(await fetchMore())) return undefined
      return release(count)
    },
    async skip(count: number): Promise<boolean> {
      let left = count
      while (left > 0) {
        if (heldSize === 0 && !(await fetchMore())) return false
        const now = Math.min(left, heldSize)
        release(now)
        left -= now
      }
      return true
    },
    async drain(): Promise<void> {
      held = []
      heldSize = 0
      for (;;) if ((await iterator.next()).done === true) return
    },
  }
}
