import { Buffer } from 'node:buffer'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Bundle, resolveBundle, tarOf } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

/** More files than are listed one by one, and one beside them that is not in the archive. */
function bundleWith(first: string, beside = 'beside'): Bundle {
  const tree = Object.fromEntries(
    Array.from({ length: 300 }, (_, number) => [`/shop/site/${number}.txt`, `page ${number}`]),
  )
  return convert(
    `
services:
  web:
    image: nginx:1.22
    volumes: [./site:/site:ro, ./web.conf:/etc/web.conf:ro]
  once:
    image: busybox:1.35
    restart: "no"
    command: ls /site
    volumes: [./site:/site:ro]
`,
    { files: { ...tree, '/shop/site/0.txt': first, '/shop/web.conf': beside }, oneShots: ['once'] },
  ).bundle as Bundle
}

const partsOf = (bundle: Bundle) =>
  [...bundle.objects.values()].flatMap(({ binaryData = {} }) => Object.keys(binaryData))

/** What other content would change: the names of Jobs, and those of ConfigMaps in pods. */
function hashesOf(bundle: Bundle): unknown[] {
  const objects = [...resolveBundle(bundle).values()]
  return objects.flatMap(({ kind, metadata, spec }) =>
    kind === 'Job' ? metadata.name : (spec?.template?.spec.volumes ?? []),
  )
}

test('the archive holds the files, and any tar and gzip unpack it', () => {
  const bundle = bundleWith('page 0')
  expect(partsOf(bundle)).toEqual(['site.tar.gz.001', 'site.tar.gz.001'])
  const files = bundle.objects.get('configmap/once-files')
  const archive = gunzipSync(Buffer.from(files?.binaryData['site.tar.gz.001'], 'base64'))
  const entries = Array.from({ length: 300 }, (_, number) => `${number}.txt`).sort()
  expect(archive.toString('latin1')).toBe(
    tarOf([
      { path: '.', mode: 0o755 },
      ...entries.map((path) => ({
        path,
        mode: 0o644,
        bytes: Buffer.from(`page ${path.slice(0, -4)}`),
      })),
    ]).toString('latin1'),
  )
})

test('hashes follow from what an archive holds, and not from how it is compressed', () => {
  const bundle = bundleWith('page 0')
  const hashes = hashesOf(bundle)
  for (const { binaryData } of bundle.objects.values())
    for (const [part, bytes] of Object.entries(binaryData ?? {}))
      binaryData[part] = gzipSync(gunzipSync(Buffer.from(bytes as string, 'base64')), {
        level: 1,
      }).toString('base64')
  expect(hashesOf(bundle)).toEqual(hashes)
  for (const other of [bundleWith('page 1'), bundleWith('page 0', 'other')])
    expect(hashesOf(other)).not.toEqual(hashes)
})
