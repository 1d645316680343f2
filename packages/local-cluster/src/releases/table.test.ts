import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetDirectory } from '../cache/assets.ts'
import { kubernetesVersion } from '../cache/programs.ts'
import { parseReleaseTable } from './read-table.ts'
import { releaseFiles, releaseNames, releaseTable } from './table.ts'
import { locate } from './transfer/place.ts'

test('the table is valid, and has each program for both kinds of processors', () => {
  expect(parseReleaseTable(JSON.stringify(releaseTable), 'table.json')).toEqual(releaseTable)
  for (const processor of ['amd64', 'arm64'])
    expect(Object.keys(releaseFiles(releaseTable, processor)).sort()).toEqual(
      [...releaseNames].sort(),
    )
  expect(() => releaseFiles(releaseTable, 'riscv64')).toThrow('no releases for linux/riscv64')
})

test('every address is https, has the version of its entry and the processor; a checksum is used once', () => {
  const seen = new Set<string>()
  for (const { url, version, architecture, sha256 } of releaseTable.files) {
    expect(url).toMatch(/^https:/)
    expect(url).toContain(version)
    expect(url).toContain(architecture)
    if (sha256 !== undefined) expect(seen.has(sha256)).toBe(false)
    seen.add(sha256 ?? url)
  }
})

test('what is downloaded and what is built have the same versions', () => {
  const goMod = (program: string) =>
    readFileSync(join(assetDirectory('programs'), program, 'go.mod'), 'utf8')
  const versions = Object.fromEntries(
    releaseTable.files.map(({ name, version }) => [name, version]),
  )
  for (const name of ['kube-apiserver', 'kubelet', 'kube-proxy', 'kubectl'])
    expect(versions[name]).toBe(kubernetesVersion)
  expect(goMod('kube')).toContain(`go.etcd.io/etcd/server/v3 v${versions.etcd}\n`)
  expect(goMod('coredns')).toContain(`github.com/coredns/coredns v${versions.coredns}\n`)
})

test('a table that cannot be used is refused with the place', () => {
  const entry = releaseTable.files[0]
  const table = (change: object) => JSON.stringify({ files: [{ ...entry, ...change }] })
  const parse = (text: string) => () => parseReleaseTable(text, 'r.json')
  expect(parse('{')).toThrow('r.json is not a table of releases: it is not JSON')
  expect(parse('[]')).toThrow('no "files"')
  expect(parse(table({ name: '../../etc' }))).toThrow('files[0]: "name"')
  expect(parse(table({ sha256: 'ab' }))).toThrow('files[0]: "sha256" is not one')
  expect(parse(table({ sha256: undefined }))).toThrow('it needs "sha256"')
  expect(parse(table({ url: 'file:///etc/passwd' }))).toThrow('"url" is not an http')
  expect(parse(table({ members: { a: '../b' } }))).toThrow('"members"')
})

test('copies of a file are at the host and path of its address', () => {
  const url = 'https://dl.example/release/v1/a%20b'
  expect(locate(url, { kind: 'hosts' })).toBe(url)
  expect(locate(url, { kind: 'mirror', url: 'http://m:1/x' })).toBe(
    'http://m:1/x/dl.example/release/v1/a%20b',
  )
  expect(locate(url, { kind: 'directory', path: '/m' })).toBe('/m/dl.example/release/v1/a b')
  expect(() => locate('https://h/a/%2e%2e%2fb', { kind: 'directory', path: '/m' })).toThrow()
})
