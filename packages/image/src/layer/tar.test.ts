import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tarOf } from '../made-image.ts'
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

test.each(['zzz', '-1', '77777777777'])('a member of size %j ends in a sentence', async (size) => {
  const archive = Buffer.from(tarOf({ 'a.txt': 'a' }))
  const header = archive.subarray(512, 1024)
  header.fill(0, 124, 136)
  header.write(size, 124, 'latin1')
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  await expect(contents(archive, 512)).rejects.toThrow(/without a size|cut off/)
})

test('bytes that are no archive end in a sentence, never in a hang', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
      try {
        await contents(bytes, 300)
      } catch (error) {
        expect((error as Error).message).toMatch(/archive|cut off/)
      }
    }),
  )
})
