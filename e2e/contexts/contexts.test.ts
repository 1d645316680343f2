import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { type ContextServer, startContextServer } from '@landfall/testkit/context-server'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Images that are built from a Git repository, an archive and further contexts of each kind.

const namespace = testNamespace('e2e-contexts')
let server: ContextServer
let repository = ''
let project = ''

beforeAll(async () => {
  server = await startContextServer()
  repository = server.repository('shop', {
    'api/Dockerfile': 'FROM busybox:1.35.0\nCOPY said.txt /said.txt\nCMD sleep 1000000\n',
    'api/said.txt': 'from the repository',
    'shared/shared.txt': 'shared',
  })
  const web = join(server.root, 'web')
  mkdirSync(web)
  writeFileSync(
    join(web, 'Dockerfile'),
    'FROM busybox:1.35.0\nCOPY web/said.txt /\nCMD sleep 1000000\n',
  )
  writeFileSync(join(web, 'said.txt'), 'from the archive')
  const packed = execFileSync('tar', ['-cz', 'web'], { cwd: server.root })
  const archive = server.serve('web.tar.gz', packed)
  project = join(server.root, 'project')
  mkdirSync(join(project, 'here'), { recursive: true })
  writeFileSync(join(project, 'here', 'here.txt'), 'of the project')
  const git = `${server.address}/git/shop.git`
  writeFileSync(
    join(project, 'compose.yaml'),
    `
services:
  api: { build: "${git}#main:api", stop_grace_period: 0s }
  web: { build: { context: "${archive}", dockerfile: web/Dockerfile }, stop_grace_period: 0s }
  all:
    stop_grace_period: 0s
    build:
      context: .
      args: { GREETING: hello }
      target: last
      dockerfile_inline: |
        FROM busybox:1.35.0 AS last
        ARG GREETING
        COPY --from=git shared.txt /
        COPY --from=archive web/said.txt /archive.txt
        COPY --from=dir here.txt /
        COPY --from=image /bin/busybox /image
        COPY --from=made said.txt /made.txt
        RUN echo $$GREETING > /greeting && wc -c < /run/secrets/token > /secret
        CMD sleep 1000000
        FROM last AS unused
        RUN false
      additional_contexts:
        git: "${git}#main:shared"
        archive: "${archive}"
        dir: ./here
        image: docker-image://busybox:1.35.0
        made: service:api
      secrets: [token]
secrets: { token: { environment: TOKEN } }
`.replace('RUN echo', 'RUN --mount=type=secret,id=token echo'),
  )
})

afterAll(() => server.close())

async function inside(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const target = [`deployment/${service}`, '-c', service]
  return (await namespace.kubectl(['exec', ...target, '--', 'sh', '-c', script])).trim()
}

test('up builds from repositories, archives and further contexts, and prints the commit', async () => {
  keepOnFailure(namespace)
  process.env.TOKEN = 'secret'
  const { stdout } = await landfallOnCluster(namespace, 'up', [project])
  await eventually(300_000, () => allReady(namespace), 1000)
  expect(await inside('api', 'cat /said.txt')).toBe('from the repository')
  expect(await inside('web', 'cat /said.txt')).toBe('from the archive')
  expect(await inside('all', 'cat /shared.txt /archive.txt /here.txt /made.txt')).toBe(
    'sharedfrom the archiveof the projectfrom the repository',
  )
  expect(await inside('all', 'cat /greeting; cat /secret; test -x /image && echo ok')).toMatch(
    /hello\n6\nok/,
  )
  expect(stdout).not.toContain('secret')
})

test('a commit that is recorded is built again, also when the branch has moved', async () => {
  writeFileSync(join(repository, 'api/said.txt'), 'moved')
  server.git(repository, 'commit', '--quiet', '--all', '--message=y')
  await landfallOnCluster(namespace, 'up', [project])
  expect(await inside('api', 'cat /said.txt')).toBe('from the repository')
})
