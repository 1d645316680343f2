import { expect, test } from 'vitest'
import { debianKey, parsePrintedUris } from './debian.ts'

test('printed URIs become packages; an epoch in the version is decoded', () => {
  const text = [
    "'http://deb.example/pool/r/runc/runc_1.1.5%2bds1-1_amd64.deb' runc_1.1.5+ds1-1_amd64.deb 2709960 SHA256:ab",
    "'http://deb.example/pool/z/zlib/zlib1g_1.2.13_amd64.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86684 SHA256:cd",
    'Reading package lists...',
  ].join('\n')
  expect(parsePrintedUris(text)).toEqual([
    { name: 'runc', version: '1.1.5+ds1-1' },
    { name: 'zlib1g', version: '1:1.2.13.dfsg-1' },
  ])
})

test('the key depends on the names, the closure and the distribution, not on the order or on a name for people', () => {
  const bookworm = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n'
  const key = debianKey(['runc', 'containerd'], 'none', bookworm)
  expect(debianKey(['containerd', 'runc'], 'none', bookworm.replace('GNU', ''))).toBe(key)
  expect(debianKey(['containerd', 'runc'], 'all', bookworm)).not.toBe(key)
  expect(
    debianKey(['containerd', 'runc'], 'none', bookworm.replace('ID="12"', 'ID="13"')),
  ).not.toBe(key)
})
