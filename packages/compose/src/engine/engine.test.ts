import { describe, expect, test } from 'vitest'
import { loadProject, memoryFiles } from '../index.ts'
import { engineProblems } from './engine.ts'

/** What the engine refuses in a project, each with the text that it is about. */
function refusals(compose: string): string[] {
  const { project, origins, diagnostics, sources } = loadProject({
    files: memoryFiles({ '/shop/compose.yaml': compose }),
    workingDirectory: '/shop',
    environment: {},
  })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (project === undefined) throw new Error('not loaded')
  return engineProblems(project, origins).map(({ message, path, at }) => {
    const text = at && sources.get(at.file)?.slice(at.start, at.end)
    return `${path.replace('/services/s', '')} <${text}> ${message.replace("Docker's engine refuses this: ", '')}`
  })
}

const service = (attributes: string) => `services:
  s: { image: i, ${attributes} }
  peer: { image: p }
`

/** Attributes of a service, and what is refused. */
const services: readonly (readonly [attributes: string, ...refused: string[]])[] = [
  [
    'restart: alway',
    "/restart <alway> invalid restart policy: unknown policy 'alway'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  ],
  [
    '"restart": "always:3"',
    `/restart <"always:3"> invalid restart policy: maximum retry count can only be used with 'on-failure'`,
  ],
  ['restart: on-failure:3'],
  ['restart: "none"'],
  ['deploy: { restart_policy: { condition: any } }'],
  [
    'restart: always, deploy: { restart_policy: { condition: sometimes } }',
    "/deploy/restart_policy/condition <sometimes> invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  ],
  [
    'cap_add: [NET_ADMN]',
    '/cap_add/0 <NET_ADMN> invalid CapAdd: unknown capability: "CAP_NET_ADMN"',
  ],
  [
    'cap_drop: [ALL, CAP_ALL]',
    '/cap_drop/1 <CAP_ALL> invalid CapDrop: unknown capability: "CAP_ALL"',
  ],
  ['cap_add: [net_admin, CAP_SYS_PTRACE, ALL]'],
  ['stop_signal: SIGFOO', '/stop_signal <SIGFOO> invalid signal: SIGFOO'],
  ['stop_signal: "0"', '/stop_signal <"0"> invalid signal: 0'],
  ['stop_signal: sigrtmin+3'],
  ['stop_signal: "3"'],
  [
    'working_dir: app',
    "/working_dir <app> the working directory 'app' is invalid, it needs to be an absolute path",
  ],
  [
    `hostname: ${'h'.repeat(65)}`,
    `/hostname <${'h'.repeat(65)}> hostname "${'h'.repeat(65)}" is too long (maximum 64 bytes)`,
  ],
  [`hostname: ${'h'.repeat(64)}`],
  [
    'healthcheck: { test: x, interval: 10µs, timeout: 0s }',
    '/healthcheck/interval <10µs> Interval in Healthcheck cannot be less than 1ms',
  ],
  ['mem_limit: 64', '/mem_limit <64> Minimum memory limit allowed is 6MB'],
  ['mem_limit: 6m'],
  [
    'deploy: { resources: { limits: { memory: 50M }, reservations: { memory: 60M } } }',
    '/deploy/resources/reservations/memory <60M> Minimum memory limit can not be less than memory reservation limit',
  ],
  [
    'memswap_limit: 1g',
    '/memswap_limit <1g> You should always set the Memory limit when using Memoryswap limit',
  ],
  ['mem_limit: 1g, memswap_limit: -1'],
  ['cpus: -1', '/cpus <-1> the number of CPUs cannot be negative'],
  [
    'cpus: 1, cpu_quota: 50000',
    '/cpu_quota <50000> Conflicting options: Nano CPUs and CPU Quota cannot both be set',
  ],
  [
    'ulimits: { nofile: { soft: 20, hard: 10 } }',
    '/ulimits/nofile <{ soft: 20, hard: 10 }> ulimit nofile: soft limit must be less than or equal to hard limit: 20 > 10',
  ],
  ['ulimits: { open: 5 }', '/ulimits/open <5> wrong rlimit value: RLIMIT_OPEN'],
  ['ulimits: { memlock: -1, nofile: { soft: 5, hard: -1 } }'],
  [
    'volumes: ["./data:data"]',
    `/volumes/0 <"./data:data"> invalid mount path: 'data' mount path must be absolute`,
  ],
  ['volumes: ["./data:/"]', `/volumes/0 <"./data:/"> invalid mount: destination can't be '/'`],
  ['tmpfs: [run]', "/tmpfs/0 <run> invalid mount path: 'run' mount path must be absolute"],
  ['tmpfs: ["/run:size=1m"]'],
  ['security_opt: [apparmor]', '/security_opt/0 <apparmor> invalid security-opt: "apparmor"'],
  ['security_opt: ["seccomp:unconfined", no-new-privileges, label=disable]'],
  [
    'network_mode: "service:peer", ports: ["80:80"], hostname: h',
    '/hostname <h> conflicting options: hostname and the network mode',
    '/ports <["80:80"]> conflicting options: port publishing and the container type network mode',
  ],
  ['network_mode: host, ports: ["80:80"], hostname: h'],
  [
    'network_mode: "container:"',
    '/network_mode <"container:"> invalid network mode: invalid container format container:<name|id>',
  ],
  ['pid: shared', '/pid <shared> invalid PID mode: shared'],
  ['pid: host, ipc: shareable, uts: host'],
  ['ipc: shared', '/ipc <shared> invalid IPC mode: shared'],
  ['uts: "service:peer"', '/uts <"service:peer"> invalid UTS mode: service:peer'],
  [
    'extra_hosts: ["db=somewhere"]',
    '/extra_hosts <["db=somewhere"]> invalid IP address in add-host: "somewhere"',
  ],
  ['extra_hosts: ["a=::1", "b=10.0.0.1", "c=host-gateway"]'],
  [
    'ports: [{ target: 80, published: "90-80" }]',
    '/ports/0 <{ target: 80, published: "90-80" }> invalid port specification: "90-80"',
  ],
  [
    'ports: [{ target: 80, protocol: tpc }]',
    '/ports/0 <{ target: 80, protocol: tpc }> invalid proto: tpc',
  ],
  ['mac_address: "02:42"', '/mac_address <"02:42"> invalid MAC address: 02:42'],
  ['scale: 0, restart: alway'],
]

describe('the engine refuses values of a service', () => {
  for (const [attributes, ...refused] of services)
    test(`${attributes}: ${refused.length > 0 ? 'refused' : 'accepted'}`, () => {
      expect(refusals(service(attributes))).toEqual(refused)
    })
})

/** Names of images, and why they are refused; undefined: they are valid. */
const images: readonly (readonly [image: string, refused?: string])[] = [
  ['nginx'],
  ['nginx:1.27-Alpine_3'],
  ['Registry/nginx'],
  ['localhost:5000/a/b__c:1'],
  ['[::1]:5000/a'],
  [`a@sha256:${'0'.repeat(64)}`],
  ['NGINX:Latest', 'repository name (library/NGINX) must be lowercase'],
  ['ghcr.io/Owner/app:1', 'repository name (Owner/app) must be lowercase'],
  ['frappe/erpnext:', '"frappe/erpnext:"'],
  ['https://x.y/z:1', '"https://x.y/z:1"'],
  [':1', '":1"'],
  ['a:b:c', '"a:b:c"'],
  ['a b', '"a b"'],
  ['a/@sha256:12', '"a/@sha256:12"'],
  ['-a', '"-a"'],
  [`a:${'t'.repeat(129)}`, `"a:${'t'.repeat(129)}"`],
]

describe('the engine refuses names of images', () => {
  for (const [image, refused] of images)
    test(`${image.slice(0, 40)}: ${refused === undefined ? 'accepted' : 'refused'}`, () => {
      const expected =
        refused === undefined ? [] : [`/image <"${image}"> invalid reference format: ${refused}`]
      expect(refusals(`services: { s: { image: "${image}" } }\n`)).toEqual(expected)
    })
})

test('the engine refuses networks and volumes of the project', () => {
  expect(
    refusals(`services:
  s:
    image: i
    networks: { a: { ipv4_address: 10.1.0.5 }, b: { ipv6_address: "fd00::5", mac_address: "02-42-ac-11-00-02" } }
    volumes: ["data:/data"]
networks:
  a: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: first }] } }
  b: { ipam: { config: [{ subnet: fd00::/64 }, { subnet: 10.0.0.0/33 }] } }
  c: { external: true }
volumes: { data: { name: my data } }
`),
  ).toEqual([
    '/networks/a/ipv4_address <10.1.0.5> no configured subnet contains the IP address 10.1.0.5',
    '/networks/a/ipam/config/0/gateway <first> invalid gateway address: first',
    '/networks/b/ipam/config/1/subnet <10.0.0.0/33> invalid subnet: 10.0.0.0/33',
    '/volumes/data/name <my data> "my data" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed',
  ])
})
