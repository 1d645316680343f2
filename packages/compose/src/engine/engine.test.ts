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
  [
    'security_opt: [aparmor=x]',
    '/security_opt/0 <aparmor=x> invalid --security-opt 2: "aparmor=x"',
  ],
  [
    'security_opt: ["no-new-privileges:maybe"]',
    '/security_opt/0 <"no-new-privileges:maybe"> invalid --security-opt 2: "no-new-privileges:maybe"',
  ],
  ['security_opt: ["no-new-privileges:true", "systempaths=unconfined", "label:type:x"]'],
  ['sysctls: { vm.max_map_count: 262144, net.core.somaxconn: 1, kernel.shmmax: 1 }'],
  [
    'network_mode: host, sysctls: { net.ipv4.ip_forward: 1 }',
    '/sysctls/net.ipv4.ip_forward <1> sysctl "net.ipv4.ip_forward" not allowed in host network namespace',
  ],
  [
    'device_cgroup_rules: ["c 1:3", "c 189:* rwm"]',
    `/device_cgroup_rules/0 <"c 1:3"> invalid device cgroup rule format: 'c 1:3'`,
  ],
  [
    'tmpfs: ["/run:size=1m,sise=2m"]',
    '/tmpfs/0 <"/run:size=1m,sise=2m"> invalid tmpfs option "sise"',
  ],
  ['tmpfs: ["/run:rw,noexec,size=1m,mode=1777"]'],
  ['tmpfs: [/d/], volumes: ["./d:/d"]', '/tmpfs/0 </d/> Duplicate mount point: /d/'],
  [
    'user: "1000:abc:def"',
    '/user <"1000:abc:def"> unable to find group abc: no matching entries in group file',
  ],
  ['user: "-1"', '/user <"-1"> uids and gids must be in range 0-2147483647: "-1"'],
  [
    'user: "1:4294967295"',
    '/user <"1:4294967295"> uids and gids must be in range 0-2147483647: "1:4294967295"',
  ],
  ['user: "1000:1000"'],
  ['user: app:staff'],
  ['cpuset: 0-, mem_limit: 1g', '/cpuset <0-> Invalid value 0- for cpuset cpus'],
  ['cpuset: "0,2-3"'],
  [
    'dns: [1.1.1.1, resolver]',
    '/dns/1 <resolver> bad nameserver address resolver: unable to parse IP',
  ],
  ['dns: ["::1", 8.8.8.8]'],
  [
    'build: { context: ., tags: ["Shop:1", "shop:2"] }',
    '/build/tags/0 <"Shop:1"> invalid tag "Shop:1": invalid reference format: repository name (library/Shop) must be lowercase',
  ],
  [
    'logging: { driver: json-file, options: { max-sise: 1m, max-file: "0", mode: fast } }',
    "/logging/options/max-sise <1m> unknown log opt 'max-sise' for json-file log driver",
    '/logging/options/mode <fast> logger: logging mode not supported: fast',
    '/logging/options/max-file <"0"> max-file cannot be less than 1',
  ],
  ['logging: { driver: local, options: { max-size: 10m, max-file: "3", compress: "false" } }'],
  ['logging: { driver: of-a-plugin, options: { any: thing } }'],
  [
    'ports: ["80:80", "80:81", "127.0.0.1:80:82/udp"]',
    '/ports/1 <"80:81"> Bind for 0.0.0.0:80 failed: port is already allocated',
  ],
  ['ports: ["8080-8090:80", "8080-8090:81", "127.0.0.1:80:80", "127.0.0.2:80:80"]'],
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

test('the engine gives a port of the machine to one service', () => {
  expect(
    refusals(`services:
  s: { image: i, ports: ["443:443", { target: 53, published: 53, protocol: udp }] }
  other: { image: i, ports: ["127.0.0.1:443:80"] }
  none: { image: i, scale: 0, ports: ["443:443"] }
  host: { image: i, network_mode: host, ports: ["443:443"] }
  tcp: { image: i, ports: ["53:53"] }
`),
  ).toEqual([
    '/services/other/ports/0 <"127.0.0.1:443:80"> Bind for 127.0.0.1:443 failed: port is already allocated',
  ])
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
  d: { ipam: { config: [{ subnet: 10.1.0.0/16, gateway: 10.2.0.1, ip_range: 10.1.5.0/24 }] } }
  e: { ipam: { config: [{ subnet: 10.1.0.0/16, gateway: 10.1.0.1, ip_range: 10.2.5.0/24 }] } }
  c: { external: true }
volumes: { data: { name: my data } }
`),
  ).toEqual([
    '/networks/a/ipv4_address <10.1.0.5> no configured subnet contains the IP address 10.1.0.5',
    '/networks/a/ipam/config/0/gateway <first> invalid gateway address: first',
    '/networks/b/ipam/config/1/subnet <10.0.0.0/33> invalid subnet: 10.0.0.0/33',
    '/networks/d/ipam/config/0/gateway <10.2.0.1> invalid gateway 10.2.0.1: it is not in the subnet 10.1.0.0/16',
    '/networks/e/ipam/config/0/ip_range <10.2.5.0/24> invalid ip-range 10.2.5.0/24: it is not in the subnet 10.1.0.0/16',
    '/volumes/data/name <my data> "my data" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed',
  ])
})

test('an argument or a variable that Linux gives to no program', () => {
  const of = (bytes: number) => `services:
  s:
    image: i
    command: ["${'a'.repeat(bytes)}"]
    environment: { NAME: "${'ü'.repeat((bytes - 5) / 2)}" }
`
  expect(refusals(of(131_071))).toEqual([])
  const message =
    'argument list too long: 131073 bytes in one argument or variable, and Linux takes 131071'
  expect(refusals(of(131_073)).map((one) => one.replace(/<.*>/s, '<…>'))).toEqual([
    `/command/0 <…> ${message}`,
    `/environment/NAME <…> ${message}`,
  ])
})
