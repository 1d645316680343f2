import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-tarball-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const STARTUP =
  '#!/bin/bash\nJAVA=$(which java)\n$JAVA -XX:MaxPermSize=64m Main &\necho $! > bin/x.pid\n'

const OTTER: Record<string, string> = {
  'node-4.2.18/bin/startup.sh': STARTUP,
  'node-4.2.18/conf/otter.properties': 'otter.port = 8080\nmanager = 127.0.0.1:1099\n',
  'node-4.2.18/lib/x.class': '\u00ca\u00fe\u00ba\u00be\0\0\0\u0034\0\u0001',
}

/** A directory with files and with node-4.2.18.tar.gz, which has other files. */
function project(files: Record<string, string>, inTarball = OTTER): string {
  const root = mkdtempSync(join(scratch, 'project-'))
  const directory = join(root, 'shop')
  const write = (under: string, all: Record<string, string>): void => {
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(under, name)), { recursive: true })
      const mode = name.endsWith('.sh') ? 0o755 : 0o644
      writeFileSync(join(under, name), Buffer.from(text, 'latin1'), { mode })
    }
  }
  write(join(root, 'tree'), inTarball)
  mkdirSync(directory)
  write(directory, files)
  const options = [
    '-czf',
    join(directory, 'node-4.2.18.tar.gz'),
    ...readdirSync(join(root, 'tree')),
  ]
  expect(spawnSync('tar', options, { cwd: join(root, 'tree') }).status).toBe(0)
  return directory
}

async function landfall(directory: string, ...args: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const env = { ...terminal.env, XDG_CACHE_HOME: join(directory, '../cache') }
  const code = await run(args, { ...terminal, env })
  return { code, ...printed }
}

const settings = (more = '') => `services:\n  node:\n    tarball: ./node-4.2.18.tar.gz\n${more}`

test('check shows what a tarball is', async () => {
  const { code, stdout } = await landfall(project({}), 'check', 'node-4.2.18.tar.gz')
  expect(code).toBe(0)
  expect(
    stdout,
  ).toBe(`node-4.2.18.tar.gz: node 4.2.18 (tar.gz, 3 files, 0.0 MiB, all below node-4.2.18/)
  start     bin/startup.sh: starts its program in the background, writes bin/x.pid
  java      8, because bin/startup.sh has -XX:MaxPermSize
  runs      which (packages debianutils)
  settings  conf/otter.properties (properties)
  ports     8080 (conf/otter.properties: otter.port)
            ports are suggestions: a program need not listen on them
No problems in node-4.2.18.tar.gz.
`)
})

test('check reports what is wrong with a tarball, with exit code 1', async () => {
  const directory = project({ 'bad.tar.gz': 'text' })
  const { code, stdout } = await landfall(directory, 'check', 'bad.tar.gz')
  expect(code).toBe(1)
  expect(
    stdout,
  ).toBe(`error: bad.tar.gz: it is not a tar or zip archive [containerize/not-an-archive]
  hint: use a .tar.gz, .tar or .zip file, or a directory
1 error
`)
})

test('init writes a landfall.yaml that is valid as it is, and no second one', async () => {
  const directory = project({})
  expect((await landfall(directory, 'init', 'node-4.2.18.tar.gz')).code).toBe(0)
  const text = readFileSync(join(directory, 'landfall.yaml'), 'utf8')
  expect(text).toContain('  node:\n    tarball: ./node-4.2.18.tar.gz\n    start: bin/startup.sh\n')
  expect(text).toContain('    java: 8\n')
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
  writeFileSync(join(directory, 'landfall.yaml'), text.replaceAll(/^( *)#(?=\S)/gm, '$1'))
  expect((await landfall(directory, 'check', '.')).code).toBe(0)
  expect((await landfall(directory, 'init', 'node-4.2.18.tar.gz')).code).toBe(2)
})

test('a service without a Compose file: its image, its published port, and one file of the tarball', async () => {
  const directory = project({
    'landfall.yaml': settings(
      '    jvm: -Xmx64m -Da="b $c"\n    ports: [8080]\n    files: { conf/otter.properties: { set: { /manager: "m:1099" } } }\n',
    ),
  })
  const { code, stdout, stderr } = await landfall(directory, 'convert', '.', '--offline', '-o', '-')
  expect([code, stderr]).toEqual([0, expect.stringContaining('must be built and pushed')])
  expect(stdout).toContain('image: shop-node\n')
  expect(stdout).toContain('value: |-\n            -Xmx64m\n            -Da=b $c\n')
  expect(stdout).toContain('manager = m:1099\n')
  expect(stdout).toContain('mountPath: /opt/node/conf/otter.properties\n')
  expect(stdout).toContain('landfall.dev/published: "8080:8080/tcp"')
  expect(stdout).toContain('landfall.dev/source: "landfall.yaml#/services/node"')
  expect(stdout).not.toContain(scratch)
})

test('the build context is made once, with plain modes and the files in two layers', async () => {
  const directory = project(
    { 'landfall.yaml': settings() },
    { ...OTTER, 'node-4.2.18/data.bin': 'x'.repeat(200_000), 'node-4.2.18/a.jar': 'PK' },
  )
  const cache = join(directory, '../cache/landfall/tarballs')
  await landfall(directory, 'check', '.')
  const [context = ''] = readdirSync(cache)
  const place = (path: string): string => join(cache, context, path)
  const made = statSync(place('Dockerfile')).ino
  expect(readdirSync(place('large')).sort()).toEqual(['a.jar', 'data.bin', 'lib'])
  expect(readdirSync(place('small')).sort()).toEqual(['bin', 'conf', 'lib'])
  expect(statSync(place('small/bin/startup.sh')).mode & 0o7777).toBe(0o755)
  expect(readFileSync(place('Dockerfile'), 'utf8')).toContain('FROM eclipse-temurin:8-jre\n')
  await landfall(directory, 'check', '.')
  expect(readdirSync(cache)).toEqual([context])
  expect(statSync(place('Dockerfile')).ino).toBe(made)
  writeFileSync(join(directory, 'landfall.yaml'), settings('    java: 11\n'))
  await landfall(directory, 'check', '.')
  expect(readdirSync(cache)).toHaveLength(2)
})

test('with a Compose file, what it has for the service is kept, and ports are those of containers', async () => {
  const directory = project({
    'compose.yaml':
      'services:\n  node: { environment: { A: b }, depends_on: [db], ports: ["80:8080"] }\n  db: { image: redis:7 }\n',
    'landfall.yaml': settings('    ports: [1099]\n'),
  })
  const { code, stdout } = await landfall(directory, 'convert', '.', '--offline', '-o', '-')
  expect(code).toBe(0)
  expect(stdout).toContain('name: A\n          value: b\n')
  expect(stdout).toContain('name: wait-for-db\n')
  expect(stdout).toContain('containerPort: 1099\n')
  expect(stdout).toContain('landfall.dev/published: "80:8080/tcp"\n')
})

test.each([
  [
    'a missing tarball',
    'services: { node: { tarball: ./no.tgz } }\n',
    ['landfall.yaml:1:21: error: ./no.tgz: it does not exist', 'containerize/not-an-archive'],
  ],
  [
    'a start script that is not there',
    settings('    start: bin/go.sh\n'),
    [
      'error: ./node-4.2.18.tar.gz: the start script bin/go.sh is not in the tarball',
      'found: bin/startup.sh',
    ],
  ],
  [
    'an edited file that is not there',
    settings('    files: { conf/x.xml: { set: { /a: b } } }\n'),
    ['landfall.yaml:4:14: error: conf/x.xml is not in ./node-4.2.18.tar.gz'],
  ],
  [
    'java together with base',
    settings('    java: 8\n    base: x\n'),
    ['landfall.yaml:4:5: error: node has java and base'],
  ],
  [
    'an unknown version of Java',
    settings('    java: 9\n'),
    ['landfall.yaml:4:11: error: java must be one of 8, 11, 17, 21'],
  ],
  [
    'ports of copies that nodes do not offer',
    settings('    replicas: 3\n    identity: { from: 1 }\n    ports: [2088 + identity]\n'),
    ['landfall.yaml:6:13: error: 2088 + identity is 2089 to 2091, which nodes do not offer'],
  ],
  [
    'another tarball for an environment',
    `${settings()}environments: { prod: { services: { node: { start: bin/x } } } }\n`,
    ['start of a service from a tarball is the same in all environments'],
  ],
])('%s is an error at its place', async (_, text, parts) => {
  const directory = project({ 'landfall.yaml': text })
  const environment = text.includes('prod') ? ['--environment', 'prod'] : []
  const { code, stdout, stderr } = await landfall(
    directory,
    'plan',
    '.',
    '--offline',
    ...environment,
  )
  expect(code).toBe(1)
  for (const part of parts) expect(stdout + stderr).toContain(part)
})

test('the number of a copy is in a file of the tarball and in a port of a node', async () => {
  const directory = project({
    'landfall.yaml': settings(`    replicas: 2
    identity: { from: 1, file: conf/nid, env: NID }
    ports: [8080, 30087 + identity]
`),
  })
  const { code, stdout } = await landfall(directory, 'convert', '.', '--offline', '-o', '-')
  expect(code).toBe(0)
  expect(stdout).toContain('kind: StatefulSet\n')
  expect(stdout).toContain('mountPath: /opt/node/conf/nid\n')
  expect(stdout).toContain('landfall.dev/published: "30089:30089/tcp"\n')
  expect(stdout).toContain('landfall.dev/published: "8080:8080/tcp"\n')
})

test('a key of tarballs without a tarball is an error', async () => {
  const directory = project({
    'compose.yaml': 'services: { web: { image: nginx } }\n',
    'landfall.yaml': 'services: { web: { start: bin/x } }\n',
  })
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(
    'landfall.yaml:1:20: error: start has no effect on web, which is not from a tarball',
  )
})

test('a tarball is not a project', async () => {
  const { code, stderr } = await landfall(project({}), 'plan', 'node-4.2.18.tar.gz')
  expect(code).toBe(2)
  expect(stderr).toContain('`landfall init node-4.2.18.tar.gz` writes a first one')
})

test('containerize writes the recipe, and nothing over what is there', async () => {
  const directory = project({ 'landfall.yaml': settings() })
  const { code, stdout } = await landfall(directory, 'containerize', '.', '-o', 'recipe')
  expect(code).toBe(0)
  expect(stdout).toBe(
    'Wrote the recipe of node to recipe: Dockerfile, landfall/ (start, capture, install) and 3 files of ./node-4.2.18.tar.gz. It starts bin/startup.sh in eclipse-temurin:8-jre.\n',
  )
  expect(existsSync(join(directory, 'recipe/small/conf/otter.properties'))).toBe(true)
  expect((await landfall(directory, 'containerize', '.', '-o', 'recipe')).code).toBe(2)
})

test('nothing is written through a link, and a refused tarball leaves nothing', async () => {
  const directory = project({ 'landfall.yaml': settings() })
  const tree = mkdtempSync(join(scratch, 'links-'))
  mkdirSync(join(tree, 'bin'))
  writeFileSync(join(tree, 'bin/startup.sh'), STARTUP, { mode: 0o755 })
  symlinkSync(scratch, join(tree, 'out'))
  spawnSync('tar', ['-czf', join(directory, 'node-4.2.18.tar.gz'), '-C', tree, '.'])
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(
    'which is outside of the tarball (services.node.tarball) [containerize/link-out]',
  )
  expect(existsSync(join(directory, '../cache/landfall/tarballs'))).toBe(false)
})

test('a tarball outside of the project is not read until landfall.yaml accepts it', async () => {
  const directory = project({})
  const inner = join(directory, 'inner')
  mkdirSync(inner)
  const text = 'services: { node: { tarball: ../node-4.2.18.tar.gz } }\n'
  writeFileSync(join(inner, 'landfall.yaml'), text)
  const { code, stdout } = await landfall(inner, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain(
    'landfall.yaml:1:21: error: ../node-4.2.18.tar.gz is outside of the project',
  )
  expect(existsSync(join(inner, '../cache/landfall/tarballs'))).toBe(false)
  writeFileSync(join(inner, 'landfall.yaml'), `${text}accept: [../node-4.2.18.tar.gz]\n`)
  expect((await landfall(inner, 'check', '.')).code).toBe(0)
})

test('a command of the Compose file is an error: the start script would not run', async () => {
  const directory = project({
    'compose.yaml': 'services: { node: { image: x, command: [sleep, "1"] } }\n',
    'landfall.yaml': settings(),
  })
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain('error: node has command in the Compose file')
})
