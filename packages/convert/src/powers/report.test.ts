import { expect, test } from 'vitest'
import type { LandfallFile } from '../settings/landfall-file.ts'
import { convert } from '../test-conversion.ts'

/** Path and message of each line about power over the node. */
function lines(service: string, settings: LandfallFile = {}): string[] {
  const { diagnostics } = convert(`services: { a: { image: x, ${service} } }`, { settings })
  return diagnostics.flatMap(({ code, path, message }) =>
    code === 'convert/power-over-node' ? [`${path.replace('/services/a/', '')}: ${message}`] : [],
  )
}

const FULL = 'runs with full power over the node'
const MORE = 'has more rights on the node than an ordinary container'

test.each([
  ['privileged: true', `privileged: ${FULL}: privileged`],
  [
    'privileged: true, cap_add: [ALL], security_opt: ["seccomp:unconfined"]',
    `privileged: ${FULL}: privileged`,
  ],
  ['cap_add: [ALL]', `cap_add: ${FULL}: cap_add ALL`],
  ['cap_add: [cap_sys_admin, NET_RAW]', `cap_add: ${FULL}: cap_add SYS_ADMIN`],
  ['cap_add: [SYS_MODULE, SYS_PTRACE]', `cap_add: ${FULL}: cap_add SYS_MODULE SYS_PTRACE`],
  ['cap_add: [NET_ADMIN]', `cap_add: ${MORE}: cap_add NET_ADMIN`],
  ['security_opt: ["seccomp:unconfined"]', `security_opt: ${MORE}: seccomp unconfined`],
  ['security_opt: ["seccomp=unconfined"]', `security_opt: ${MORE}: seccomp unconfined`],
  ['security_opt: ["apparmor:unconfined"]', `security_opt: ${MORE}: apparmor unconfined`],
  ['security_opt: ["label:disable"]', `security_opt: ${MORE}: label disable`],
  ['userns_mode: host', 'userns_mode: uses the users of the node, as every pod: userns_mode host'],
])('%s is one line', (service, line) => {
  expect(lines(service)).toEqual([line])
})

test.each([
  '',
  'cap_add: [NET_BIND_SERVICE, CHOWN, NET_RAW]',
  'cap_add: [SYS_ADMIN], cap_drop: [SYS_ADMIN]',
  'security_opt: ["no-new-privileges:true", "seccomp=builtin"]',
  // Their drops are reported.
  'network_mode: host, pid: host, ipc: host, cgroup: host',
  'volumes: ["/:/host", "/var/run/docker.sock:/var/run/docker.sock"], devices: [/dev/kvm]',
])('%j has no line', (service) => {
  expect(lines(service)).toEqual([])
})

test('what landfall.yaml allows is in the line', () => {
  const host = { network: true, pid: true, ipc: true, devices: true, paths: ['/etc', '/srv'] }
  const service =
    'network_mode: host, pid: host, ipc: host, devices: [/dev/kvm], volumes: ["/etc:/e:ro"]'
  expect(lines(service, { services: { a: { host } } })).toEqual([
    `devices: ${FULL}: privileged for its devices, pid host, network_mode host, ipc host, /etc of the node (read-only)`,
  ])
  const socket = '/var/run/docker.sock'
  expect(
    lines(`volumes: ["${socket}:${socket}:ro"]`, {
      services: { a: { host: { paths: [socket] } } },
    }),
  ).toEqual([`volumes: ${FULL}: ${socket} of the node (read-only)`])
})

test('system calls are filtered unless the project declares otherwise', () => {
  const specs = (service: string) =>
    [...(convert(`services: { a: { image: x, ${service} } }`).bundle?.objects.values() ?? [])]
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => ({
        pod: spec.template.spec.securityContext,
        container: spec.template.spec.containers[0].securityContext,
      }))
  const pod = { seccompProfile: { type: 'RuntimeDefault' } }
  expect(specs('init: false')).toEqual([{ pod, container: undefined }])
  expect(specs('privileged: true')).toEqual([{ pod, container: { privileged: true } }])
  expect(specs('security_opt: ["seccomp:unconfined"]')).toEqual([
    { pod, container: { seccompProfile: { type: 'Unconfined' } } },
  ])
})
