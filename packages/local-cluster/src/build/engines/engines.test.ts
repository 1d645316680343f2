import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RecordedAnswer, recordedTools } from '@landfall/testkit/recorded-tools'
import { afterEach, expect, test } from 'vitest'
import type { ImageBuild } from '../outcome.ts'
import { platformToBuild } from '../platform.ts'
import { buildAndPush } from '../publish.ts'
import { cacheOptions, importOptions } from './caches.ts'
import { buildAndDeliver } from './deliver.ts'
import { type EngineName, findEngine } from './engine.ts'

const ID = '0123456789abcdef'.repeat(4)
const TAG = 'landfall-0123456789abcdef01234567'
const REPOSITORY = 'docker.io/library/web'
const image: ImageBuild = { service: 'web', image: 'web', context: '/context', args: {} }

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A context, a cache and the tools; only these are in PATH. */
function machine(
  tools: Readonly<Record<string, readonly RecordedAnswer[]>>,
  keep: readonly string[] = [],
) {
  const root = mkdtempSync(join(tmpdir(), 'landfall-engines-'))
  const context = join(root, 'context')
  mkdirSync(context)
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n')
  const recorded = recordedTools(tools, keep)
  closing.push(recorded.close, () => rmSync(root, { recursive: true }))
  const build: ImageBuild = { service: 'web', image: 'web', context, args: {} }
  const env = { PATH: recorded.directory, HOME: root }
  const deliver = async (more: Partial<ImageBuild> = {}, archive?: string, platform?: string) =>
    buildAndDeliver(
      { ...build, ...more },
      {
        engine: await findEngine(env),
        repository: REPOSITORY,
        platform,
        archive,
        cacheDirectory: root,
        env,
      },
      () => {},
    )
  /** What was called, with the names of this run in capitals. */
  const lines = () =>
    recorded.lines().map((line) =>
      line
        .replaceAll(context, 'CONTEXT')
        .replaceAll(/[^\s=]+\/landfall-build-\w+/g, 'SCRATCH')
        .replaceAll(/landfall-build-[0-9a-f]{12}/g, 'TEMPORARY'),
    )
  return { root, context, build, env, deliver, lines, recorded }
}

const inspected: RecordedAnswer = { when: /^image inspect/, print: `sha256:${ID}` }

test.each([
  [undefined, undefined, undefined],
  [['linux/amd64'], undefined, undefined],
  [['linux/arm64', 'linux/amd64'], undefined, undefined],
  [['linux/arm64/v8', 'linux/amd64'], 'linux/arm64', 'linux/arm64'],
  [['linux/arm/v7'], undefined, 'linux/arm/v7'],
  [['linux/amd64'], 'linux/arm64', 'linux/amd64'],
])('of the platforms %j, on nodes of %s, is built: %s', (platforms, nodes, built) => {
  expect(platformToBuild(platforms === undefined ? {} : { platforms }, nodes, 'linux/amd64')).toBe(
    built,
  )
})

const caches = {
  cacheFrom: ['registry.example/web:cache', 'type=gha'],
  cacheTo: ['type=local,dest=/cache'],
}

test.each([
  [
    { name: 'docker', buildx: true },
    '--cache-from registry.example/web:cache --cache-from type=gha --cache-to type=local,dest=/cache',
  ],
  [{ name: 'docker' }, '--cache-from registry.example/web:cache'],
  [
    { name: 'nerdctl' },
    '--cache-from registry.example/web:cache --cache-from type=gha --cache-to type=local,dest=/cache',
  ],
  [{ name: 'podman' }, ''],
] as const)('the caches of a build for %j', (engine, options) => {
  expect(cacheOptions({ ...image, ...caches }, engine).join(' ')).toBe(options)
})

test('buildctl gets caches with their type', () => {
  expect(importOptions({ ...image, ...caches })).toEqual([
    ...['--import-cache', 'type=registry,ref=registry.example/web:cache'],
    ...['--import-cache', 'type=gha', '--export-cache', 'type=local,dest=/cache'],
  ])
})

test('caches and the platform of a project are on the command line of Docker', async () => {
  const { deliver, lines } = machine({ docker: [inspected] })
  await deliver({ ...caches, platforms: ['linux/riscv64'] })
  expect(lines().find((line) => line.includes('buildx build'))).toContain(
    '--cache-from registry.example/web:cache --cache-from type=gha --cache-to type=local,dest=/cache --platform linux/riscv64 --tag',
  )
})

test('Docker builds with buildx into its store, under a tag of the content', async () => {
  const { deliver, lines, recorded } = machine({ docker: [inspected] }, [
    'BUILDX_NO_DEFAULT_ATTESTATIONS',
    'TOKEN',
  ])
  const built = await deliver({ args: { TOKEN: 'build-token' }, target: 'run' })
  expect(built).toEqual({ ok: true, image: 'web', reference: `${REPOSITORY}:${TAG}` })
  expect(lines()).toEqual([
    'docker version --format {{.Server.Version}}',
    'docker buildx version',
    `docker buildx build --load --file CONTEXT/Dockerfile --target run --build-arg TOKEN --tag ${REPOSITORY}:TEMPORARY CONTEXT`,
    `docker image inspect --format {{.Id}} ${REPOSITORY}:TEMPORARY`,
    `docker tag ${REPOSITORY}:TEMPORARY ${REPOSITORY}:${TAG}`,
    `docker rmi ${REPOSITORY}:TEMPORARY`,
  ])
  expect(recorded.calls()[2]?.env).toEqual({
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    TOKEN: 'build-token',
  })
})

test('without buildx, Docker uses the builder that it has', async () => {
  const { deliver, lines } = machine({ docker: [{ when: /^buildx/, exit: 1 }, inspected] })
  expect(await deliver()).toMatchObject({ ok: true })
  expect(lines()[2]).toBe(
    `docker build --file CONTEXT/Dockerfile --tag ${REPOSITORY}:TEMPORARY CONTEXT`,
  )
})

test('secrets are files, SSH and further contexts are passed on, another architecture is named', async () => {
  const { deliver, lines, root, recorded } = machine({ docker: [inspected] })
  const more: Partial<ImageBuild> = {
    secrets: [
      { id: 'key', from: { value: 'hunter2' } },
      { id: 'file', from: { file: '/etc/key' } },
    ],
    ssh: ['default'],
    contexts: { base: 'docker-image://redis:7' },
    hosts: ['db:10.0.0.1'],
  }
  await deliver(more, join(root, 'web.tar'), 'linux/arm64')
  expect(lines()[2]).toBe(
    'docker buildx build --load --file CONTEXT/Dockerfile --build-context base=docker-image://redis:7 ' +
      '--secret id=key,src=SCRATCH/secret-0 --secret id=file,src=/etc/key --ssh default --add-host db:10.0.0.1 ' +
      `--platform linux/arm64 --tag ${REPOSITORY}:TEMPORARY CONTEXT`,
  )
  expect(lines().at(-1)).toBe(`docker save --output ${root}/web.tar ${REPOSITORY}:${TAG}`)
  expect(JSON.stringify(recorded.calls())).not.toContain('hunter2')
})

test('Podman is used where Docker does not respond', async () => {
  const { deliver, lines, root } = machine({
    docker: [{ when: /^version/, exit: 1 }],
    podman: [{ ...inspected, print: ID }],
  })
  expect(await deliver({}, join(root, 'web.tar'))).toMatchObject({
    reference: `${REPOSITORY}:${TAG}`,
  })
  expect(lines().slice(1)).toEqual([
    'podman info --format {{.Host.Arch}}',
    `podman build --format docker --file CONTEXT/Dockerfile --tag ${REPOSITORY}:TEMPORARY CONTEXT`,
    `podman image inspect --format {{.Id}} ${REPOSITORY}:TEMPORARY`,
    `podman tag ${REPOSITORY}:TEMPORARY ${REPOSITORY}:${TAG}`,
    `podman rmi ${REPOSITORY}:TEMPORARY`,
    `podman save --format docker-archive --output ${root}/web.tar ${REPOSITORY}:${TAG}`,
  ])
})

test('nerdctl', async () => {
  const { deliver, lines, root } = machine({ nerdctl: [inspected] })
  await deliver({}, join(root, 'web.tar'))
  expect(lines()).toEqual([
    'nerdctl info --format {{.ServerVersion}}',
    `nerdctl build --file CONTEXT/Dockerfile --tag ${REPOSITORY}:TEMPORARY CONTEXT`,
    `nerdctl image inspect --format {{.Id}} ${REPOSITORY}:TEMPORARY`,
    `nerdctl tag ${REPOSITORY}:TEMPORARY ${REPOSITORY}:${TAG}`,
    `nerdctl rmi ${REPOSITORY}:TEMPORARY`,
    `nerdctl save --output ${root}/web.tar ${REPOSITORY}:${TAG}`,
  ])
})

test('BuildKit alone', async () => {
  const metadata = JSON.stringify({ 'containerimage.config.digest': `sha256:${ID}` })
  const { deliver, lines, root } = machine({
    buildctl: [{ when: /^build /, files: { '--metadata-file': metadata } }],
  })
  const more: Partial<ImageBuild> = {
    target: 'run',
    args: { VERSION: '1' },
    contexts: { other: root, base: 'docker-image://redis:7' },
    secrets: [{ id: 'key', from: { value: 'hunter2' } }],
    ssh: ['default'],
    hosts: ['db:10.0.0.1'],
    ulimits: ['nofile=10:20'],
  }
  expect(await deliver(more, `${root}/web.tar`)).toMatchObject({
    reference: `${REPOSITORY}:${TAG}`,
  })
  const options =
    'buildctl build --frontend dockerfile.v0 --local context=CONTEXT --local dockerfile=CONTEXT --opt filename=Dockerfile ' +
    `--opt target=run --opt build-arg:VERSION=1 --local context-other=${root} --opt context:other=local:context-other ` +
    '--opt context:base=docker-image://redis:7 --secret id=key,src=SCRATCH/secret-0 --ssh default ' +
    '--opt add-hosts=db=10.0.0.1 --opt ulimit=nofile=10:20 --progress plain'
  const output = (name: string) =>
    `${options} --output type=docker,name=${name},dest=${root}/web.tar --metadata-file SCRATCH/metadata.json`
  expect(lines()).toEqual([
    'buildctl debug workers',
    output('landfall:build'),
    output(`${REPOSITORY}:${TAG}`),
  ])
})

test('a build that fails is data, with the end of its output', async () => {
  const { deliver } = machine({
    docker: [
      { when: /^buildx build/, exit: 1, printError: 'ERROR: failed to solve: no such file: app' },
    ],
  })
  expect(await deliver()).toMatchObject({
    ok: false,
    message: expect.stringContaining('no such file: app'),
  })
})

test('an engine that prints no id is an error, not an image', async () => {
  const { deliver } = machine({ docker: [{ when: /^image inspect/, print: 'oops' }] })
  expect(await deliver()).toMatchObject({
    ok: false,
    message: expect.stringContaining('no image id'),
  })
})

const DIGEST = `sha256:${'ab'.repeat(32)}`

test.each<[EngineName, readonly RecordedAnswer[], string[]]>([
  [
    'docker',
    [{ when: /^push/, print: `v1: digest: ${DIGEST} size: 527` }],
    ['docker push localhost:5000/web:v1'],
  ],
  [
    'podman',
    [{ when: /^push/, files: { '--digestfile': DIGEST } }],
    ['podman push --tls-verify=false --digestfile SCRATCH/digest localhost:5000/web:v1'],
  ],
  [
    'nerdctl',
    [{ when: /^image inspect/, print: `["localhost:5000/web@${DIGEST}"]` }],
    [
      'nerdctl push localhost:5000/web:v1',
      'nerdctl image inspect --format {{json .RepoDigests}} localhost:5000/web:v1',
    ],
  ],
])('%s pushes to a registry, and the digest is the registry’s', async (name, answers, expected) => {
  const { build, lines, recorded, root } = machine({ [name]: answers })
  const path = process.env.PATH
  process.env.PATH = recorded.directory
  try {
    const pushed = await buildAndPush(
      build,
      'localhost:5000/web:v1',
      { cacheDirectory: root },
      () => {},
    )
    expect(pushed).toMatchObject({ ok: true, digest: DIGEST })
  } finally {
    process.env.PATH = path
  }
  expect(lines().slice(-expected.length)).toEqual(expected)
})
