import { resolveBundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const one = (keys: string) => `services: { app: { image: x, ${keys} } }`

/** What the binds of a project become, by their paths. */
function kinds(compose: string, files: Record<string, string | Uint8Array> = {}) {
  return Object.fromEntries(
    convert(compose, { files }).plan.binds.map(({ path, as }) => [path, as]),
  )
}

test.each([
  // nothing in the project: what is written stays
  ['./sonarr:/config', {}, 'storage'],
  ['./anything:/opt/app/anything', {}, 'storage'],
  ['./prometheus:/etc/prometheus', {}, 'storage'],
  ['./certs:/certs', { '/shop/certs/.gitignore': '*' }, 'storage'],
  ['./certs:/certs', { '/shop/certs/README.md': 'put them here' }, 'storage'],
  ['./pgdata:/var/lib/postgresql/data', { '/shop/pgdata/PG_VERSION': '15' }, 'storage'],
  // one file of configuration does not make a directory of state configuration
  ['./sonarr:/config', { '/shop/sonarr/config.xml': '<a/>' }, 'storage'],
  ['./vw:/data', { '/shop/vw/config.json': '{}' }, 'storage'],
  ['./home:/root/.app', { '/shop/home/settings.ini': 'a=1' }, 'storage'],
  ['./src:/srv/app', { '/shop/src/index.php': '<?php' }, 'storage'],
  ['./le:/etc/letsencrypt', { '/shop/le/cli.ini': 'a=1' }, 'storage'],
  ['./conf:/etc/app', { '/shop/conf/app.sqlite': 'x', '/shop/conf/app.ini': 'a=1' }, 'storage'],
  ['./data/keys:/opt/signer/keys', { '/shop/data/keys/a': '{}' }, 'storage'],
  ['./data/keys:/opt/signer/wallet', { '/shop/data/keys/a.json': '{}' }, 'storage'],
  // configuration by its place and its files
  ['./data/conf/app:/opt/app', { '/shop/data/conf/app/a.yml': 'a: 1' }, 'config'],
  ['./prometheus:/etc/prometheus', { '/shop/prometheus/prometheus.yml': 'a: 1' }, 'config'],
  ['./initdb:/docker-entrypoint-initdb.d', { '/shop/initdb/1.sql': 'x' }, 'config'],
  ['./initdb:/docker-entrypoint-initdb.d', {}, 'config'],
  ['./conf.d:/etc/nginx/conf.d', { '/shop/conf.d/a.conf': 'x' }, 'config'],
  ['./templates:/etc/nginx/templates', { '/shop/templates/a.template': 'x' }, 'config'],
  ['./site:/usr/share/nginx/html', { '/shop/site/index.html': 'x' }, 'config'],
  ['./dashboards:/var/lib/grafana/dashboards', { '/shop/dashboards/a.json': '{}' }, 'config'],
  ['./config:/app/config', { '/shop/config/app.yaml': 'a: 1' }, 'config'],
  ['./data:/data:ro', { '/shop/data/a.db': 'x' }, 'config'],
  ['./missing:/data:ro', {}, 'config'],
  // files
  ['./app.db:/app/app.db', { '/shop/app.db': 'x' }, 'storage'],
  ['./app.db:/app/app.db', {}, 'storage'],
  ['./acme.json:/acme.json', { '/shop/acme.json': '{}' }, 'storage'],
  ['./passwd:/mosquitto/config/passwd', { '/shop/passwd': 'a:b' }, 'storage'],
  ['./known:/app/known', { '/shop/known': '' }, 'storage'],
  ['./state.json:/data/state.json', { '/shop/state.json': '{}' }, 'storage'],
  ['./config.xml:/config/config.xml', { '/shop/config.xml': '<a/>' }, 'storage'],
  ['./server.properties:/data/server.properties', { '/shop/server.properties': 'x' }, 'storage'],
  ['./config.yml:/config/config.yml:ro', { '/shop/config.yml': 'a: 1' }, 'config'],
  ['./gitconfig.ini:/root/.gitconfig', { '/shop/gitconfig.ini': 'x' }, 'config'],
  ['./nginx.conf:/etc/nginx/nginx.conf', { '/shop/nginx.conf': 'x' }, 'config'],
  ['./app.yml:/app/app.yml', { '/shop/app.yml': 'a: 1' }, 'config'],
  ['./run.sh:/run.sh', { '/shop/run.sh': 'x' }, 'config'],
  ['./config.json:/config.json', { '/shop/config.json': '{}' }, 'config'],
  // outside of the project
  ['/mnt/media:/media', {}, 'storage'],
  ['/mnt/media:/media:ro', {}, 'storage'],
  ['/opt/pgdata:/var/lib/postgresql/data', {}, 'storage'],
  ['/root/pgdata:/var/lib/postgresql/data', {}, 'storage'],
  ['/var/lib/app:/data', {}, 'storage'],
  ['/etc/letsencrypt:/etc/letsencrypt', {}, 'storage'],
  ['/opt/app/app.conf:/etc/app.conf:ro', {}, 'config'],
  ['../shared/app.conf:/etc/app.conf', { '/shared/app.conf': 'x' }, 'config'],
  ['/var/run/docker.sock:/var/run/docker.sock', {}, 'host'],
  ['/run/user/1000/podman/podman.sock:/x.sock', {}, 'host'],
  ['/proc:/host/proc:ro', {}, 'host'],
  ['/etc/localtime:/etc/localtime:ro', {}, 'host'],
  ['/etc/ssl/certs:/etc/ssl/certs:ro', {}, 'host'],
  ['/var/log:/var/log:ro', {}, 'host'],
  ['/var/lib/docker/containers:/c:ro', {}, 'host'],
  ['/:/rootfs:ro', {}, 'host'],
] as const)('%s with %j is %s', (volume, files, kind) => {
  expect(Object.values(kinds(one(`volumes: ["${volume}"]`), files))).toEqual([kind])
})

test('a path that begins with the working directory is one of the project, also where the file is missing', () => {
  const { diagnostics } = convert(one('volumes: ["$PWD/../shared/app.conf:/etc/app.conf:ro"]'), {
    environment: { HOME: '/home/me', PWD: '/shop' },
  })
  expect(diagnostics.map(({ code }) => code)).toEqual(['convert/bind-source-missing'])
})

test.each([
  ['nothing but its own names', '', ['convert/bind-copied']],
  [
    'a command with the path of another file',
    'command: app --config /opt/app/b.yml',
    ['convert/bind-copied'],
  ],
  ['a command with the path of one of its files', 'command: app --config /opt/app/sub/a.yml', []],
  [
    'a variable with the path of one of its files',
    'environment: { CONFIG: "file:/opt/app/sub/a.yml" }',
    [],
  ],
])('a directory of which %s shows that it is configuration', (_, keys, findings) => {
  const { plan, diagnostics } = convert(one(`volumes: ["./config:/opt/app"], ${keys}`), {
    files: { '/shop/config/sub/a.yml': 'a: 1' },
  })
  expect(plan.binds.map(({ as }) => as)).toEqual(['config'])
  expect(diagnostics.map(({ code }) => code)).toEqual(findings)
})

test('what lies outside of the project on the machine, and who converts, changes nothing', () => {
  const compose = one(
    'volumes: ["/mnt/media:/media", "/mnt/media/tv:/tv", "~/pgdata:/pg", "/srv/x.db:/x.db"]',
  )
  const objects = (files: Record<string, string | Uint8Array>, HOME: string) => {
    const { bundle, diagnostics } = convert(compose, { files, environment: { HOME } })
    return [[...resolveBundle(bundle as never)], diagnostics]
  }
  const here = objects({}, '/home/me')
  expect(objects({}, '/root')).toEqual(here)
  const there = {
    '/mnt/media/tv/film.mkv': 'film',
    '/root/pgdata/PG_VERSION': '15',
    '/srv/x.db': new Uint8Array(9 * 1024 * 1024),
  }
  expect(objects(there, '/root')).toEqual(here)
})

test('overlapping paths are one claim, of which each mount is a part', () => {
  const { plan } = convert(`services:
  a: { image: x, volumes: ["./run/tokens:/run/tokens"] }
  b: { image: y, volumes: ["./run/tokens/app:/tokens:ro"] }
  c: { image: z, volumes: ["./run:/r", "./runner:/s"] }`)
  expect(plan.volumes.map(({ claim, mountedBy }) => [claim, mountedBy])).toEqual([
    ['run', ['a', 'b', 'c']],
    ['runner', ['c']],
  ])
  expect(plan.services.flatMap(({ volumes }) => volumes.map(({ subPath }) => subPath))).toEqual([
    'data/tokens',
    'data/tokens/app',
    'data',
    'data',
  ])
})

test('a folder is configuration for all or storage for all, whichever mount shows it', () => {
  const files = { '/shop/shared/a.yml': 'a: 1' }
  const reader = 'reader: { image: x, volumes: ["./shared:/etc/app:ro"] }'
  expect(kinds(`services: { ${reader} }`, files)).toEqual({ './shared': 'config' })
  const writer = 'writer: { image: y, volumes: ["./shared/out:/data"] }'
  expect(kinds(`services: { ${reader}, ${writer} }`, files)).toEqual({ './shared': 'storage' })
})

test.each(['./config', 'config', '/shop/config', './config/'])(
  'as: is set for the path %s',
  (key) => {
    if (!/^[./]/.test(key)) return
    const { plan, diagnostics } = convert(one('volumes: ["./config:/etc/app:ro"]'), {
      files: { '/shop/config/a.yml': 'a: 1' },
      settings: { volumes: { [key]: { as: 'storage', size: '5Gi' } } },
    })
    expect(diagnostics).toEqual([])
    expect(plan.binds.map(({ as }) => as)).toEqual(['storage'])
    expect(plan.volumes.map(({ size }) => size)).toEqual(['5Gi'])
  },
)

test('as: host takes the path of the node, for files and for paths outside', () => {
  const { plan } = convert(one('volumes: ["./app.db:/app.db", "/mnt/media/:/media:ro"]'), {
    settings: { volumes: { './app.db': { as: 'host' }, '/mnt/media': { as: 'host' } } },
  })
  expect(plan.services[0]?.hostPaths).toEqual([
    { source: '/shop/app.db', target: '/app.db', readOnly: false },
    { source: '/mnt/media', target: '/media', readOnly: true },
  ])
})

test.each([
  ['FROM x\nWORKDIR /app\nCOPY . .', './:/app', 'image'],
  ['FROM x\nWORKDIR /app\nCOPY src ./src', './src:/app/src', 'image'],
  ['FROM x\nWORKDIR /app\nCOPY package.json .\nCOPY src ./src', '.:/app', 'image'],
  ['FROM x AS b\nWORKDIR /b\nCOPY . .\nFROM y\nCOPY --from=b /b /app', '.:/app', 'image'],
  ['FROM x\nARG TO=/app\nADD . $TO', '.:/app', 'image'],
  ['FROM x\nWORKDIR /app\nCOPY package.json .', '.:/app', 'storage'],
  ['FROM x\nCOPY . /other', '.:/app', 'storage'],
])('a Dockerfile %j under a mount of %s: %s', (dockerfile, volume, kind) => {
  const files = {
    '/shop/Dockerfile': dockerfile,
    '/shop/src/main.js': 'x',
    '/shop/package.json': '{}',
  }
  expect(
    Object.values(kinds(`services: { app: { build: ., volumes: ["${volume}"] } }`, files)),
  ).toEqual([kind])
})

test('where the project is on the machine does not decide what its image has', () => {
  const files = { '/shop/Dockerfile': 'FROM x\nCOPY src /app/src', '/shop/src/main.js': 'x' }
  const compose = `services:
  app: { build: ., volumes: ["./src:/app/src"] }
  other: { image: y, volumes: ["/:/host"] }`
  expect(kinds(compose, files)['./src']).toBe('image')
})

test('a directory that .dockerignore keeps out of the image is not in it', () => {
  const files = {
    '/shop/Dockerfile': 'FROM x\nWORKDIR /app\nCOPY . .',
    '/shop/.dockerignore': '# none\nupload*\n',
    '/shop/uploaded/a.bin': 'x',
  }
  const compose = 'services: { app: { build: ., volumes: ["./uploaded:/app/uploaded"] } }'
  expect(kinds(compose, files)).toEqual({ './uploaded': 'storage' })
})

const CONF = { '/shop/conf/app.conf': 'a = 1', '/shop/run.sh': 'echo 1 >> /etc/app/count' }

test.each([
  ['sh -c "echo 1 > /etc/app/state; sleep 1d"', 'storage'],
  ['sh -c "while true; do date >> /etc/app/log/today; sleep 9; done"', 'storage'],
  ["sh -c 'echo 1 | tee -a /etc/app/state'", 'storage'],
  ['sh -c "mkdir -p /etc/app/state && exec app"', 'storage'],
  ['sh -c "cp -r /defaults/. /etc/app/ && exec app"', 'storage'],
  ['openssl req -x509 -keyout /etc/app/tls.key', 'storage'],
  ['/run.sh', 'storage'],
  ['sh /run.sh', 'storage'],
  // reads, other places, and files that the project has
  ['app --config /etc/app/app.conf', 'config'],
  ['sh -c "cp /etc/app/app.conf /tmp/ && exec app < /etc/app/app.conf > /tmp/out"', 'config'],
  ['sh -c "echo 1 > /etc/apple && mkdir -p /etc/app && exec app"', 'config'],
  ['sh -c "sed s/1/2/ /etc/app/app.conf > /etc/app/app.conf"', 'config'],
])('a directory of configuration under the command %s is %s', (command, kind) => {
  const compose = one(
    `command: ${JSON.stringify(command)}, volumes: ["./conf:/etc/app", "./run.sh:/run.sh:ro"]`,
  )
  expect(kinds(compose, CONF)['./conf']).toBe(kind)
})

test('a file of configuration that the command writes is storage', () => {
  const files = { '/shop/app.conf': 'a = 1' }
  const volumes = 'volumes: ["./app.conf:/etc/app.conf"]'
  const writes = one(`command: 'sh -c "echo 2 >> /etc/app.conf"', ${volumes}`)
  expect(kinds(writes, files)).toEqual({ './app.conf': 'storage' })
  expect(kinds(one(`command: app /etc/app.conf, ${volumes}`), files)).toEqual({
    './app.conf': 'config',
  })
})
