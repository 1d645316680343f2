import { resolveBundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { toYaml } from './emit/yaml.ts'
import { convert } from './test-conversion.ts'

/** All objects but the Secrets, as text, of a project with a secret of the same length in many places. */
function withoutSecrets(secret: string): string[] {
  const tree = Object.fromEntries(
    Array.from({ length: 250 }, (_, number) => [`/shop/site/${number}.txt`, `page ${number}`]),
  )
  const { bundle } = convert(
    `
services:
  web:
    image: nginx:1.22
    environment: { PASSWORD: ${secret}, DATABASE_URL: "postgres://a:${secret}@db/x" }
    volumes: [./web.key:/etc/web.key:ro, ./site:/site:ro, ./data:/data]
    secrets: [token]
  db:
    image: postgres:17
    depends_on: { web: { condition: service_started, restart: true } }
  once:
    image: busybox:1.35
    restart: "no"
    environment: { PASSWORD: ${secret} }
    volumes: [./web.key:/etc/web.key:ro]
    secrets: [token]
secrets: { token: { file: ./token } }
`,
    {
      files: {
        ...tree,
        '/shop/site/.env': secret,
        '/shop/web.key': secret,
        '/shop/token': secret,
        '/shop/data/.env': secret,
        '/shop/data/a.db': 'x',
      },
      oneShots: ['once'],
    },
  )
  if (bundle === undefined) throw new Error('not converted')
  return [...resolveBundle(bundle).values()]
    .filter(({ kind }) => kind !== 'Secret')
    .map((object) => toYaml(object))
}

/** The upload of a tree of more than 8 MiB in which one file is secret. */
function uploadWith(secret: string) {
  const large = 'x'.repeat(3 * 1024 * 1024)
  const { bundle } = convert('services: { web: { image: nginx:1.22, volumes: [./data:/data] } }', {
    files: {
      ...Object.fromEntries([1, 2, 3].map((at) => [`/shop/data/${at}.db`, large])),
      '/shop/data/.env': secret,
    },
  })
  const [upload] = bundle?.uploads ?? []
  if (bundle === undefined || upload === undefined) throw new Error('no upload')
  return { upload, objects: [...resolveBundle(bundle).values()].map((object) => toYaml(object)) }
}

test('the digest of a large tree does not depend on a secret in it, but what `up` hashes with its key does', () => {
  const [one, other] = [uploadWith('A=hop-hop'), uploadWith('A=pop-pop')]
  expect(one.objects).toEqual(other.objects)
  expect(one.upload.digest).toBe(other.upload.digest)
  expect(one.upload.secretDigest).not.toBe(other.upload.secretDigest)
  expect(one.objects.join('')).not.toContain(one.upload.secretDigest)
})

test('no object but Secrets depends on the value of a secret', () => {
  expect(withoutSecrets('hop-hop')).toEqual(withoutSecrets('pop-pop'))
})

test('a service that restarts with another names the Secrets of it', () => {
  expect(withoutSecrets('x').join('\n')).toContain(
    'landfall.dev/restarts-with-secrets: "data-tree,web-environment,web-secrets"',
  )
})
