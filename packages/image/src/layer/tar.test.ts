import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { tarOf } from '../made-image.ts'
import { Unreadable } from '../unreadable.ts'
import { readTar } from './tar.ts'

async function contents(archive: Uint8Array, chunk: number): Promise<Record<string, string>> {
  const chunks = (async function* () {
    for (let at = 0; at < archive.length; at += chunk) yield archive.subarray(at, at + chunk)
  })()
  const found: Record<string, string> = {}
  for await (const { member, content } of readTar(chunks, () => true))
    if (content !== undefined) {
      found[member.path] = content.toString('utf8')
      const inArchive = archive.subarray(member.offset, member.offset + member.size)
      expect(Buffer.from(inArchive).equals(content)).toBe(true)
    }
  return found
}

const files = {
  'etc/passwd': 'root:x:0:0::/root:\n',
  [`deep/${'long-name/'.repeat(30)}file`]: 'long',
  'übung/straße.txt': 'ü',
  'empty.txt': '',
  'large.bin': 'x'.repeat(3000),
}

test.each(['ustar-like', 'gnu', 'pax'])('the archives of tar in the format %s', async (format) => {
  const options = format === 'ustar-like' ? [] : [`--format=${format}`]
  for (const chunk of [7, 512, 100_000])
    expect(await contents(tarOf(files, options), chunk)).toEqual(files)
})

test('a path and a link over the limits of old formats, in an archive without a format name', async () => {
  const archive = Buffer.from(tarOf({ 'a.txt': 'a' }, ['--format=v7']))
  expect(await contents(archive, 512)).toEqual({ 'a.txt': 'a' })
})

/** A header block with its checksum, written by hand for what no tar writes. */
function header(fields: { name?: string; size: string | Buffer; type: string }): Buffer {
  const block = Buffer.alloc(512)
  block.write(fields.name ?? 'a.txt')
  block.write('0000644\0', 100, 'latin1')
  if (typeof fields.size === 'string') block.write(fields.size, 124, 'latin1')
  else fields.size.copy(block, 124)
  block.write(fields.type, 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** A size as GNU writes large ones: binary, the first bit set. */
function binary(...bytes: number[]): Buffer {
  return Buffer.concat([
    Buffer.alloc(12 - bytes.length, bytes[0] === 0xff ? 0xff : 0),
    Buffer.from(bytes),
  ]).fill(bytes[0] === 0xff ? 0xff : 0x80, 0, 1)
}

const end = Buffer.alloc(1024)

test.each<[string, Buffer]>([
  ['no number', header({ size: 'zzz', type: '0' })],
  ['a negative number', header({ size: '-1', type: '0' })],
  ['a negative binary number', header({ size: binary(0xff, 0xf0), type: '0' })],
  ['more than there is', header({ size: '77777777777', type: '0' })],
  [
    'more than a number can hold',
    header({ size: Buffer.alloc(12, 0x80).fill(0xf7, 1), type: '0' }),
  ],
])('a member whose size is %s ends in a sentence', async (_, block) => {
  await expect(contents(Buffer.concat([block, Buffer.from('a'), end]), 512)).rejects.toThrow(
    /archive/,
  )
})

test.each(['x', 'g', 'L', 'K'])(
  'a header %s of the size of a disk is refused, not read',
  async (type) => {
    const start = header({ size: '00077777777777'.slice(-11), type })
    let read = 0
    const endless = (async function* () {
      yield start
      for (; read < 64; read++) yield Buffer.alloc(1024 * 1024, 'a')
    })()
    const reading = (async () => {
      for await (const _ of readTar(endless, () => true));
    })()
    await expect(reading).rejects.toThrow(/archive/)
    expect(read).toBeLessThan(10)
  },
)

test('a size in a pax header counts, also one that is none', async () => {
  const pax = (record: string) =>
    Buffer.concat([
      header({ name: 'PaxHeader', size: record.length.toString(8).padStart(11, '0'), type: 'x' }),
      Buffer.concat([Buffer.from(record)], 512),
    ])
  const member = Buffer.concat([
    header({ size: '00000000000', type: '0' }),
    Buffer.alloc(512, 'b'),
    end,
  ])
  expect(await contents(Buffer.concat([pax('9 size=3\n'), member]), 100)).toEqual({
    'a.txt': 'bbb',
  })
  for (const size of ['-3', 'zzz', '99999999999999999999'])
    await expect(
      contents(Buffer.concat([pax(`${8 + size.length} size=${size}\n`), member]), 100),
    ).rejects.toThrow(/archive/)
})

test('a refusal of the source of an archive is reported unchanged', async () => {
  const broken = (async function* () {
    yield tarOf(files).subarray(0, 1000)
    throw new Unreadable('the digest is wrong')
  })()
  const reading = (async () => {
    for await (const _ of readTar(broken, () => true));
  })()
  await expect(reading).rejects.toThrow('the digest is wrong')
})

test('a reader that has seen enough ends the source', async () => {
  let ended = false
  const source = (async function* () {
    try {
      for (;;) yield header({ size: '00000000000', type: '0' })
    } finally {
      ended = true
    }
  })()
  for await (const { member } of readTar(source, () => false)) {
    expect(member.path).toBe('a.txt')
    break
  }
  await vi.waitUntil(() => ended)
})

test('bytes that are no archive, or no longer one, end in a sentence, never in a hang', async () => {
  const whole = Buffer.from(tarOf(files, ['--format=pax']))
  const damaged = fc
    .tuple(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length))
    .map(([at, bytes, length]) => {
      const copy = Buffer.from(whole)
      copy.set(bytes.subarray(0, copy.length - at), at)
      return copy.subarray(0, length)
    })
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 2000 }), damaged), async (bytes) => {
      try {
        await contents(bytes, 300)
      } catch (error) {
        expect((error as Error).message).toMatch(/archive/)
      }
    }),
  )
})
