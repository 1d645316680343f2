import { expect, test } from 'vitest'
import { volumeKind } from './volume-kinds.ts'

test.each([
  [null, { kind: 'claim' }],
  [{ driver: 'local' }, { kind: 'claim' }],
  [
    { driver_opts: { type: 'nfs', o: 'addr=10.0.0.5,rw,nfsvers=4', device: ':/exports/media' } },
    {
      kind: 'nfs',
      server: '10.0.0.5',
      path: '/exports/media',
      readOnly: false,
      unkept: ['nfsvers=4'],
    },
  ],
  [
    { driver_opts: { type: 'nfs', o: 'ro', device: 'nas.lan:/x' } },
    { kind: 'nfs', server: 'nas.lan', path: '/x', readOnly: true, unkept: [] },
  ],
  [
    { driver_opts: { type: 'nfs', device: '/x' } },
    { kind: 'driver', says: 'an NFS share without a server' },
  ],
  [
    { driver_opts: { type: 'tmpfs', device: 'tmpfs', o: 'size=100m,uid=1000' } },
    { kind: 'memory', size: '100m' },
  ],
  [
    { driver_opts: { type: 'none', o: 'bind', device: '/srv/db' } },
    { kind: 'host', path: '/srv/db' },
  ],
  [
    { driver_opts: { type: 'cifs', o: 'username=x', device: '//nas/x' } },
    { kind: 'driver', says: 'type, o, device' },
  ],
  [{ driver: 'rexray/ebs' }, { kind: 'driver', says: 'the driver rexray/ebs' }],
])('%j', (volume, kind) => {
  expect(volumeKind(volume)).toEqual(kind)
})
