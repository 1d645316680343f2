import { inflateRawSync } from 'node:zlib'

/** How many classes of a jar are looked at: those of one jar are compiled together. */
const SAMPLES = 5

/** The major version of a class file (The Java Virtual Machine Specification, 4.1); undefined if it is none. */
export function classMajor(bytes: Buffer): number | undefined {
  return bytes.length >= 8 && bytes.readUInt32BE(0) === 0xcafebabe
    ? bytes.readUInt16BE(6)
    : undefined
}

/** The highest class file version among the first classes of a jar; versions of META-INF/versions are for newer Java and do not count. */
export function jarMajor(jar: Buffer): number | undefined {
  let highest: number | undefined
  let seen = 0
  for (const { name, method, offset, packed } of centralDirectory(jar)) {
    if (!name.endsWith('.class') || name.startsWith('META-INF/') || name.endsWith('-info.class'))
      continue
    const major = classMajor(startOf(jar, offset, method, packed))
    if (major !== undefined) highest = Math.max(highest ?? 0, major)
    seen += 1
    if (seen === SAMPLES) break
  }
  return highest
}

interface JarEntry {
  name: string
  method: number
  offset: number
  packed: number
}

function* centralDirectory(jar: Buffer): Generator<JarEntry> {
  const end = jar.lastIndexOf('PK\x05\x06', jar.length - 22, 'latin1')
  if (end < 0 || end + 22 > jar.length) return
  for (let at = jar.readUInt32LE(end + 16); at + 46 <= jar.length; ) {
    if (jar.readUInt32LE(at) !== 0x02014b50) return
    const nameEnd = at + 46 + jar.readUInt16LE(at + 28)
    yield {
      name: jar.toString('latin1', at + 46, nameEnd),
      method: jar.readUInt16LE(at + 10),
      offset: jar.readUInt32LE(at + 42),
      packed: jar.readUInt32LE(at + 20),
    }
    at = nameEnd + jar.readUInt16LE(at + 30) + jar.readUInt16LE(at + 32)
  }
}

/** Bytes: a class of usual size; what is larger is not looked at. */
const LARGEST_CLASS = 1024 * 1024

function startOf(jar: Buffer, offset: number, method: number, packed: number): Buffer {
  if (offset + 30 > jar.length) return Buffer.alloc(0)
  const start = offset + 30 + jar.readUInt16LE(offset + 26) + jar.readUInt16LE(offset + 28)
  const content = jar.subarray(start, start + packed)
  if (method === 0) return content
  try {
    return inflateRawSync(content, { maxOutputLength: LARGEST_CLASS })
  } catch {
    return Buffer.alloc(0)
  }
}
