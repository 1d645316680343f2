import type { TarEntry } from '@landfall/image'
import { expect, test } from 'vitest'
import { containerConfig, roleEntries } from './image.ts'
import type { Role } from './role.ts'

const role: Role = {
  role: 'db',
  image: 'acme/db:1',
  container: {
    entrypoint: ['./start', '--fast'],
    cmd: ['serve'],
    env: { MODE: 'x' },
    expose: [1, '2/udp'],
    volumes: ['/data'],
    user: '100',
    workdir: '/opt/db',
  },
  files: [
    { path: '/data', uid: 5, gid: 6 },
    { path: '/data/a/seed', content: 's', mode: '0600' },
  ],
  steps: [],
  commands: { '/usr/bin/dbsh': [] },
}

const shown = (entry: TarEntry) =>
  [
    entry.path,
    entry.type,
    ...(entry.type === 'symlink' ? [entry.target] : []),
    ...(entry.uid === undefined ? [] : [`${entry.uid}:${entry.gid}`]),
    ...(entry.mode === undefined ? [] : [entry.mode.toString(8)]),
  ].join(' ')

test('parents come before what lies in them, and the started program and commands are links', () => {
  expect(roleEntries(role).map(shown)).toEqual([
    '/data directory 5:6',
    '/data/a directory',
    '/data/a/seed file 0:0 600',
    '/opt directory',
    '/opt/db directory',
    '/opt/db/start symlink /stand-in',
    '/stand-in.json file',
    '/usr directory',
    '/usr/bin directory',
    '/usr/bin/dbsh symlink /stand-in',
  ])
})

test('the image has the configuration of the role, and the label of a stand-in', () => {
  expect(containerConfig(role)).toEqual({
    Entrypoint: ['./start', '--fast'],
    Cmd: ['serve'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'MODE=x'],
    User: '100',
    WorkingDir: '/opt/db',
    ExposedPorts: { '1/tcp': {}, '2/udp': {} },
    Volumes: { '/data': {} },
    Labels: { 'landfall.dev/stand-in': 'db' },
  })
})

test('a program without a directory in its name is found on the PATH', () => {
  const paths = roleEntries({ ...role, container: { cmd: ['entry.sh'] } }).map(({ path }) => path)
  expect(paths).toContain('/usr/local/bin/entry.sh')
})
