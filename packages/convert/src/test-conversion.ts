import { loadProject, memoryFiles } from '@landfall/compose'
import { convertProject } from './convert.ts'
import type { LandfallFile } from './settings/landfall-file.ts'

/** For tests: converts the text of a Compose file at /shop, with other files beside it. */
export function convert(
  compose: string,
  {
    files = {},
    settings = {},
    environment = {},
    oneShots = [],
    contexts = {},
    profiles = [],
  }: {
    files?: Record<string, string | Uint8Array>
    settings?: LandfallFile
    environment?: Record<string, string>
    oneShots?: string[]
    contexts?: Record<string, string>
    profiles?: string[]
  } = {},
) {
  const all = memoryFiles({ '/shop/compose.yaml': compose, ...files })
  const { project, origins, sources, projectDirectory, diagnostics } = loadProject({
    files: all,
    workingDirectory: '/shop',
    profiles,
    environment: Object.fromEntries(
      Object.entries(environment).filter(([name]) => name === 'HOME' || name === 'PWD'),
    ),
  })
  if (project === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return convertProject({
    project,
    origins,
    projectDirectory,
    files: all,
    sources,
    settings,
    settingsOrigins: new Map(),
    environment,
    keeperProgram: () => 'the program\n',
    oneShots: new Set(oneShots),
    contexts: new Map(Object.entries(contexts)),
  })
}

/** A project with a service that uses nearly every key. */
export const everything = `
name: shop
x-note: mine
services:
  web:
    image: nginx:1.22
    annotations: { a: b }
    attach: false
    blkio_config: { weight: 300 }
    cap_add: [NET_ADMIN]
    cgroup: host
    configs: [settings]
    container_name: shop-web
    cpu_shares: 10
    cpus: 1
    depends_on: [db]
    deploy:
      mode: replicated
      replicas: 2
      labels: { x: y }
      resources: { limits: { cpus: "1", pids: 5 }, reservations: { memory: 1m } }
      restart_policy: { condition: any }
      update_config: { order: start-first }
      placement: { constraints: [node.role==worker] }
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
    dns: 1.1.1.1
    environment: { A: "1" }
    extra_hosts: ["a=10.0.0.1"]
    group_add: ["5"]
    healthcheck: { test: "true" }
    hostname: web1
    init: true
    ipc: host
    labels: { traefik.enable: "true" }
    logging: { driver: none }
    networks: { front: { aliases: [www], ipv4_address: 10.5.0.5 } }
    pid: host
    platform: linux/amd64
    ports: ["8080:80"]
    pull_policy: always
    read_only: true
    restart: always
    secrets: [key]
    security_opt: [seccomp=unconfined]
    shm_size: 64m
    stop_grace_period: 5s
    stop_signal: SIGQUIT
    sysctls: { net.core.somaxconn: 1024 }
    tmpfs: /tmp
    tty: true
    ulimits: { nofile: 1024 }
    user: "1"
    volumes: ["data:/data", "/proc:/host:ro"]
    working_dir: /srv
  db:
    image: postgres:15
configs: { settings: { content: x } }
secrets: { key: { environment: KEY } }
networks: { front: { driver: bridge } }
volumes: { data: { labels: { a: b } } }
`

/** For tests: a copy of a plan that nothing can change any more, but for the bytes of files, which cannot be frozen. */
export function frozenCopy<T>(plan: T): T {
  return frozen(structuredClone(plan))
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const child of Object.values(value)) frozen(child)
  return Object.freeze(value)
}
