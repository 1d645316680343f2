import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { scanTarball } from '../inspect/scan.ts'
import { TarballProblem } from '../problem.ts'
import { type TestEntry, tarball, tarOf, writeArchive } from '../test-archives.ts'
import { guardedEntries } from './guard.ts'
import { openArchive } from './open.ts'

/** The code and message of the problem that reading a tarball ends in. */
async function problemOf(file: string): Promise<string> {
  try {
    await scanTarball(file)
  } catch (error) {
    if (error instanceof TarballProblem)
      return `${error.code.replace(/^.*\//, '')}: ${error.message}`
    throw error
  }
  return 'none'
}

const refused: [what: string, entries: TestEntry[], problem: string][] = [
  [
    'a path that climbs out',
    [['../etc/passwd', 'x']],
    "path-escape: ../etc/passwd is outside of the tarball's directory",
  ],
  [
    'one that climbs out further in',
    [['a/b/../../../c', 'x']],
    "path-escape: a/b/../../../c is outside of the tarball's directory",
  ],
  [
    'an absolute path',
    [['/etc/passwd', 'x']],
    "path-escape: /etc/passwd is outside of the tarball's directory",
  ],
  [
    'a link to a file of the machine',
    [['conf', '', { type: 'symlink', linkname: '/etc' }]],
    'link-out: conf is a link to /etc, which is outside of the tarball',
  ],
  [
    'a link that climbs out',
    [['a/b', '', { type: 'symlink', linkname: '../../x' }]],
    'link-out: a/b is a link to ../../x, which is outside of the tarball',
  ],
  [
    'a link that climbs out by another link',
    [
      ['a/b/up', '', { type: 'symlink', linkname: '../..' }],
      ['a/b/out', '', { type: 'symlink', linkname: 'up/../..' }],
    ],
    'link-out: a/b/out is a link to up/../.., which is outside of the tarball',
  ],
  [
    'a file below a link',
    [
      ['d', '', { type: 'symlink', linkname: 'e' }],
      ['d/f', 'x'],
    ],
    'entry-conflict: d/f is below d, which is a link',
  ],
  [
    'a link in the place of a directory that has files',
    [
      ['d/f', 'x'],
      ['d', '', { type: 'symlink', linkname: 'e' }],
    ],
    'entry-conflict: d is in the tarball twice, and is not the same kind of file',
  ],
  [
    'a hard link to a file of the machine',
    [['a', '', { type: 'link', linkname: '../etc/shadow' }]],
    "path-escape: ../etc/shadow is outside of the tarball's directory",
  ],
  [
    'a hard link to nothing',
    [['a', '', { type: 'link', linkname: 'b' }]],
    'entry-conflict: a is a link to b, which is not a file in the tarball',
  ],
  [
    'a device',
    [['dev/sda', '', { type: 'block-device', devmajor: 8, devminor: 0 }]],
    'entry-kind: dev/sda is a device',
  ],
  ['a FIFO', [['pipe', '', { type: 'fifo' }]], 'entry-kind: pipe is a FIFO'],
  [
    'a sparse file',
    [['data', 'x', { pax: { 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '10737418240' } }]],
    'entry-kind: data is a sparse file',
  ],
  [
    'a name with a line break',
    [['a\nb', 'x']],
    'entry-name: the name "a\\nb" has control characters',
  ],
  [
    'a name that is too deep',
    [[`${'d/'.repeat(80)}f`, 'x']],
    `entry-name: the name ${'d/'.repeat(38)}d… is too long`,
  ],
]

test.each(refused)('%s is refused by its name', async (_, entries, problem) => {
  expect(await problemOf(await tarball(['bin/start.sh', '#!/bin/sh\n'], ...entries))).toBe(problem)
})

test('a name that is not UTF-8 is refused', async () => {
  const bytes = await tarOf([['conf/XX.txt', 'x']])
  bytes.set([0xb2, 0xe2], bytes.indexOf('XX'))
  // The checksum of the header is that of the changed name.
  const sum = [...bytes.subarray(0, 512)].reduce(
    (all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte),
    0,
  )
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  expect(await problemOf(await writeArchive('x.tar', bytes))).toBe(
    'entry-name: the name conf/\ufffd\ufffd.txt is not UTF-8',
  )
})

test('a sparse file of GNU tar is refused before its content', async () => {
  const bytes = await tarOf([['data', 'x']])
  bytes.write('S', 156, 'latin1')
  const sum = [...bytes.subarray(0, 512)].reduce(
    (all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte),
    0,
  )
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  expect(await problemOf(await writeArchive('x.tar', bytes))).toBe(
    'entry-kind: data is a sparse file',
  )
})

test('a bomb ends when it is more than a hundred times its size', async () => {
  const file = await tarball(['zeros', Buffer.alloc(80 * 1024 ** 2)])
  expect(await problemOf(file)).toBe('too-large: it unpacks to more than 100 times its size')
})

test('what is declared larger than an image may be is refused without reading it', async () => {
  const header = (await tarOf([['data', '']])).subarray(0, 512)
  header.write(`${(10 * 1024 ** 3).toString(8).padStart(11, '0')} `, 124, 'latin1')
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  expect(await problemOf(await writeArchive('x.tar', header))).toBe(
    'too-large: it unpacks to more than 4096 MiB',
  )
})

test('more entries than a release has are refused', async () => {
  const archive = await openArchive(await tarball(['a', ''], ['b', ''], ['c', '']))
  const read = async () => {
    for await (const _ of guardedEntries(archive, {
      entries: 2,
      unpacked: 1,
      bomb: { bytes: 1, ratio: 1 },
    }));
  }
  await expect(read()).rejects.toThrow('it has more than 2 entries')
})

test.each<[string, Uint8Array, string]>([
  [
    'a text',
    strToU8('services: {}\n'.repeat(100)),
    'not-an-archive: it is not a tar or zip archive',
  ],
  ['an empty file', new Uint8Array(), 'not-an-archive: it is not a tar or zip archive'],
  ['another compression', strToU8('BZh91AY'), 'not-an-archive: it is compressed with bzip2'],
  [
    'half of a gzip file',
    gzipSync(Buffer.alloc(9999, 'ab')).subarray(0, 20),
    'damaged: it cannot be decompressed: unexpected end of file',
  ],
  [
    'a gzip file without an archive',
    gzipSync(Buffer.alloc(2000, 'ab')),
    'damaged: it is not a valid tar archive: Invalid tar header. Maybe the tar is corrupted or it needs to be gunzipped?',
  ],
])('%s is not a tarball', async (_, bytes, problem) => {
  expect(await problemOf(await writeArchive('x.tar.gz', bytes))).toBe(problem)
})

test('a missing file is named as one', async () => {
  expect(await problemOf('/nowhere/x.tar.gz')).toBe('not-an-archive: it does not exist')
})

const zip = (files: Zippable) => writeArchive('x.zip', zipSync(files))

test('zip archives: modes and links of Unix, names of Windows, the same checks', async () => {
  const scan = await scanTarball(
    await zip({
      'tool/bin/start.sh': [strToU8('#!/bin/sh\n'), { os: 3, attrs: 0o100755 << 16 }],
      'tool\\conf\\a.properties': strToU8('port=80\n'),
      'tool/latest': [strToU8('bin'), { os: 3, attrs: 0o120777 << 16 }],
    }),
  )
  expect(scan.top).toBe('tool')
  expect(
    [...scan.files].map(([path, { executable, target }]) => [path, executable, target]),
  ).toEqual([
    ['bin/start.sh', true, undefined],
    ['conf/a.properties', false, undefined],
    ['latest', false, 'bin'],
  ])
  expect(await problemOf(await zip({ '../x': strToU8('x') }))).toMatch(/^path-escape/)
  expect(
    await problemOf(await zip({ l: [strToU8('../x'), { os: 3, attrs: 0o120777 << 16 }] })),
  ).toMatch(/^link-out/)
  expect(await problemOf(await zip({ zeros: new Uint8Array(80 * 1024 ** 2) }))).toMatch(
    /^too-large/,
  )
})

test('a zip archive that lies about its sizes is damaged', async () => {
  const bytes = zipSync({ a: strToU8('x'.repeat(1000)) })
  const directory = Buffer.from(bytes).lastIndexOf('PK\x01\x02', undefined, 'latin1')
  const lying = Buffer.from(bytes)
  lying.writeUInt32LE(10, directory + 24)
  expect(await problemOf(await writeArchive('x.zip', lying))).toBe(
    'damaged: it is damaged: a is larger than it declares',
  )
  expect(await problemOf(await writeArchive('x.zip', bytes.subarray(0, 60)))).toMatch(/^damaged/)
})

test('a directory is read as it is, and its links are checked as well', async () => {
  const root = mkdtempSync(join(tmpdir(), 'landfall-containerize-'))
  mkdirSync(join(root, 'bin'))
  symlinkSync('/etc/passwd', join(root, 'bin/users'))
  expect(await problemOf(root)).toBe(
    'link-out: bin/users is a link to /etc/passwd, which is outside of the tarball',
  )
})
