import type { Bundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { convert } from '../test-conversion.ts'
import { commentsOn } from './comments.ts'
import { emitManifests } from './manifests.ts'

const project = `
services:
  web:
    image: nginx
    ports: ["8080:80"]
    environment: { API_TOKEN: xyzzy-1, MODE: fast }
    depends_on: { once: { condition: service_completed_successfully }, db: { condition: service_healthy } }
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
  once: { image: busybox, restart: "no" }
  db:
    image: postgres:15
    healthcheck: { test: [CMD, pg_isready] }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: {} }
`

function emitted(compose: string, printed = (line: string) => line) {
  const result = convert(compose)
  const bundle = result.bundle as Bundle
  return {
    plain: emitManifests(bundle, 'shop'),
    commented: emitManifests(bundle, 'shop', commentsOn(bundle, result, printed)),
  }
}

/** Each comment of a manifest with the line below it. */
function commentsIn(text = ''): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) =>
    /^ *# /.test(line)
      ? [
          `${line.trim()} → ${lines
            .slice(index)
            .find((one) => !/^ *# /.test(one))
            ?.trim()}`,
        ]
      : [],
  )
}

test('reasons are at the fields that they decide, and what became of other keys is at the top', () => {
  const { commented } = emitted(project)
  expect(commentsIn(commented.get('deployment-web.yaml'))).toEqual([
    '# a Deployment, because it keeps running → apiVersion: apps/v1',
    expect.stringMatching(/^# services\.web\.devices\[0\]: dropped: .* → apiVersion: apps\/v1$/),
    '# new pods first, because nothing shows that two pods disturb each other → strategy:',
    '# waits for db: depends_on db: service_healthy → - name: wait-for-db-once',
    '# waits for once: depends_on once: service_completed_successfully → - name: wait-for-db-once',
    '# from a Secret: the name suggests a secret → - name: API_TOKEN',
    '# a pause of 5 s, because web is published → lifecycle:',
  ])
  expect(commentsIn(commented.get('deployment-db.yaml'))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^# one, because PostgreSQL .* → replicas: 1$/),
      '# old pods stop first, because two pods must not write the volume data at once → strategy:',
      expect.stringMatching(/^# no pod starts before the last one has ended.* → affinity:$/),
      expect.stringMatching(/^# fills a new volume from the image.* → - name: seed-/),
      expect.stringMatching(/^# services\.db\.healthcheck: .* → startupProbe:$/),
    ]),
  )
  expect(commentsIn(commented.get('service-web-published.yaml'))).toEqual([
    expect.stringMatching(/^# services\.web\.ports\[0\]: a NodePort/),
  ])
  expect(commentsIn(commented.get('persistentvolumeclaim-data.yaml'))).toEqual([
    expect.stringMatching(/^# volumes\.data: one PersistentVolumeClaim/),
  ])
})

test('comments change no object', () => {
  const { plain, commented } = emitted(project)
  expect([...commented.keys()]).toEqual([...plain.keys()])
  for (const [file, text] of commented) expect(parse(text)).toEqual(parse(plain.get(file) ?? ''))
})

test('a line goes through what takes secrets out, and cannot end its comment', () => {
  const { plain, commented } = emitted(project, (line) => `${line}\nkind: Evil\u2028a\u0085b\rc`)
  for (const [file, text] of commented) {
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(text, { version })).toEqual(parse(plain.get(file) ?? ''))
    expect(text).not.toMatch(/^kind: Evil/m)
  }
  expect(commented.get('deployment-web.yaml')).toMatch(/running kind: Evil a b c$/m)
})
