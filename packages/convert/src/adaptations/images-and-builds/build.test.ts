import { expect, test } from 'vitest'
import { renderPlan } from '../../plan/render-plan.ts'
import { convert } from '../../test-conversion.ts'

test('a build carries everything that decides what is in the image', () => {
  const { bundle } = convert(
    `
services:
  app:
    build:
      context: .
      additional_contexts: { base: "service:first", res: ./res }
      secrets: [file, { source: variable, target: token }]
      ssh: [default, "key=/keys/id"]
      extra_hosts: ["mirror=10.0.0.1"]
      shm_size: 64m
      ulimits: { nofile: 1024, nproc: { soft: 10, hard: 20 } }
  first: { build: . }
secrets:
  file: { file: ./s.txt }
  variable: { environment: TOKEN }
`,
    { files: { '/shop/s.txt': 'x' }, environment: { TOKEN: 'value' } },
  )
  expect(bundle?.builds[0]).toEqual({
    service: 'app',
    image: 'shop-app',
    context: '/shop',
    dockerfile: '/shop/Dockerfile',
    args: {},
    contexts: { base: 'service:first', res: '/shop/res' },
    secrets: [
      { id: 'file', from: { file: '/shop/s.txt' } },
      { id: 'token', from: { value: 'value' } },
    ],
    ssh: ['default', 'key=/keys/id'],
    hosts: ['mirror:10.0.0.1'],
    shmSize: '67108864',
    ulimits: ['nofile=1024:1024', 'nproc=10:20'],
  })
})

test('caches are carried with absolute directories, and the platform of the service in the place of those of its build', () => {
  const { bundle } = convert(`
services:
  app:
    build:
      context: .
      cache_from: ["registry.example/app:cache", "type=local,src=./cache"]
      cache_to: ["type=local,mode=max,dest=/cache"]
      platforms: [linux/amd64, linux/arm64]
  worker:
    platform: linux/arm64
    build: { context: ., platforms: [linux/amd64, linux/arm64] }
`)
  expect(bundle?.builds).toMatchObject([
    {
      cacheFrom: ['registry.example/app:cache', 'type=local,src=/shop/cache'],
      cacheTo: ['type=local,mode=max,dest=/cache'],
      platforms: ['linux/amd64', 'linux/arm64'],
    },
    { platforms: ['linux/arm64'] },
  ])
})

test('a remote context carries its commit, and its Dockerfile stays relative to it', () => {
  const context = 'https://u:hunter2@example.com/r.git#main:api'
  const { bundle, plan, ledger } = convert(
    `
services:
  app: { build: { context: "${context}", dockerfile: deploy/Dockerfile } }
`,
    { contexts: { [context]: 'a'.repeat(40) } },
  )
  expect(bundle?.builds[0]).toMatchObject({
    ...{ context, dockerfile: 'deploy/Dockerfile' },
    revisions: { [context]: 'a'.repeat(40) },
  })
  expect(renderPlan(plan)).toContain(
    `from https://…@example.com/r.git#main:api at ${'a'.repeat(40)}`,
  )
  expect(renderPlan(plan) + JSON.stringify(ledger)).not.toContain('hunter2')
})

test('an argument that looks like a secret is a finding without its value, one that landfall.yaml calls plain is none', () => {
  const compose = `
services:
  app:
    build:
      context: .
      args: { VERSION: "1.2", NPM_TOKEN: s3cretvalue1, SOURCE: "https://u:hunter2pw@example.com/x" }
`
  const { diagnostics } = convert(compose)
  const findings = diagnostics.filter(({ code }) => code === 'convert/secret-build-argument')
  expect(findings.map(({ path, severity }) => `${severity} ${path}`)).toEqual([
    'warning /services/app/build/args/NPM_TOKEN',
    'warning /services/app/build/args/SOURCE',
  ])
  expect(JSON.stringify(findings)).not.toMatch(/s3cretvalue1|hunter2pw/)
  const plain = convert(compose, { settings: { secrets: { plain: ['NPM_TOKEN', 'SOURCE'] } } })
  expect(plain.diagnostics.map(({ code }) => code)).not.toContain('convert/secret-build-argument')
})
