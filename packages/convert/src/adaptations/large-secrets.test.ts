import { Buffer } from 'node:buffer'
import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'

/** What plain `kubectl apply` takes of one object. */
const LIMIT = 262_144

/** The Secrets of a project, which are all small enough. */
function secretsOf(compose: string, files: Record<string, string> = {}): KubeObject[] {
  const objects = [...(convert(compose, { files }).bundle?.objects.values() ?? [])]
  for (const object of objects)
    expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThan(LIMIT)
  return objects.filter(({ kind }) => kind === 'Secret')
}

test('a secret file of text that fits into a ConfigMap and not into a Secret is an archive', () => {
  const sql = `CREATE USER shop IDENTIFIED BY 'k3ttle-And-Pot';\n${'-- a line\n'.repeat(20_000)}`
  const secrets = secretsOf(
    `
services:
  db:
    image: mariadb:11
    environment: { MARIADB_PASSWORD: k3ttle-And-Pot }
    volumes: [./init.sql:/docker-entrypoint-initdb.d/init.sql]
`,
    { '/shop/init.sql': sql },
  )
  expect(secrets.map(({ metadata, data }) => [metadata.name, Object.keys(data)])).toEqual([
    ['db-environment', ['MARIADB_PASSWORD']],
    ['db-secrets', ['init.sql.tar.gz.001']],
  ])
})

test('secret files that do not fit into one Secret are in several', () => {
  const key = (name: string) => `${name}\n${'k'.repeat(100_000)}`
  const secrets = secretsOf(
    `
services: { app: { image: i, secrets: [a, b, c] } }
secrets: { a: { file: ./a }, b: { file: ./b }, c: { file: ./c } }
`,
    { '/shop/a': key('a'), '/shop/b': key('b'), '/shop/c': key('c') },
  )
  expect(secrets.map(({ metadata, data }) => [metadata.name, Object.keys(data)])).toEqual([
    ['app-secrets', ['a']],
    ['app-secrets-2', ['b']],
    ['app-secrets-3', ['c']],
  ])
})

test('secret variables that do not fit into one Secret are in several, and the pod reads each where it is', () => {
  const value = 'v'.repeat(100_000)
  const compose = `
services:
  app:
    image: i
    environment: { A_PASSWORD: "1${value}", B_PASSWORD: "2${value}", C_PASSWORD: "3" }
`
  const secrets = secretsOf(compose)
  expect(secrets.map(({ metadata, data }) => [metadata.name, Object.keys(data)])).toEqual([
    ['app-environment', ['A_PASSWORD']],
    ['app-environment-2', ['B_PASSWORD', 'C_PASSWORD']],
  ])
  const pod = convert(compose).bundle?.objects.get('deployment/app')?.spec.template.spec
  expect(pod.containers[0].env.map((one: KubeObject) => one.valueFrom.secretKeyRef)).toEqual([
    { name: 'app-environment', key: 'A_PASSWORD' },
    { name: 'app-environment-2', key: 'B_PASSWORD' },
    { name: 'app-environment-2', key: 'C_PASSWORD' },
  ])
})
