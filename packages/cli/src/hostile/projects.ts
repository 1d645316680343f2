/** The files of a project by their paths. */
export type Files = Readonly<Record<string, string | Uint8Array>>

const service = (keys: string) => ({ 'compose.yaml': `services: { s: { image: i, ${keys} } }` })
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']

/** Keys of a service with a name that is not an ordinary one. */
const mappings: Record<string, (name: string) => string> = {
  environment: (name) => `environment: { ${name}: x }`,
  labels: (name) => `labels: { ${name}: x }, deploy: { labels: { ${name}: x } }`,
  annotations: (name) => `annotations: { ${name}: x }`,
  'extra_hosts and sysctls': (name) => `extra_hosts: { ${name}: 1.2.3.4 }, sysctls: { ${name}: 1 }`,
  'build arguments': (name) =>
    `build: { context: ., args: { ${name}: x }, labels: { ${name}: x }, additional_contexts: { ${name}: . } }`,
  'logging and storage': (name) =>
    `logging: { options: { ${name}: x } }, storage_opt: { ${name}: x }, x-a: { ${name}: x }`,
  'a driver and a condition': (name) =>
    `gpus: [{ driver: ${name}, capabilities: [gpu] }], deploy: { restart_policy: { condition: ${name} } }`,
  'missing things': (name) =>
    `depends_on: [${name}], networks: [${name}], volumes: ["${name}:/x"], secrets: [${name}], configs: [${name}], volumes_from: [${name}], links: [${name}], network_mode: "service:${name}"`,
  'hooks and models': (name) =>
    `post_start: [{ command: x, environment: { ${name}: x } }], models: { ${name}: }, provider: { type: x, options: { ${name}: x } }`,
  'users and words': (name) =>
    `user: ${name}, group_add: [${name}], ipc: ${name}, pid: ${name}, userns_mode: ${name}, runtime: ${name}, security_opt: [${name}], cap_add: [${name}]`,
}

/** Hostile projects, by what they are. */
export const projects: Readonly<Record<string, Files>> = {
  ...Object.fromEntries(
    Object.entries(mappings).flatMap(([title, keys]) =>
      names.map((name) => [
        `${name} in ${title}`,
        { Dockerfile: 'FROM x\n', ...service(keys(name)) },
      ]),
    ),
  ),
  ...Object.fromEntries(
    names.map((name) => [
      `${name} everywhere else`,
      {
        '.env': `${name}=1\n`,
        'landfall.yaml': `services: { ${name}: {} }\nexternal: { ${name}: { host: x.example } }\naccept: [services/${name}/x]\nenvironments: { ${name}: {} }\n`,
        'landfall.lock': `{"version":1,"images":{"${name}":{"labels":{"${name}":"x"},"environment":{"${name}":"x"}}},"oneShots":["${name}"]}`,
        [`conf/${name}`]: 'x',
        'compose.yaml': `services: { "${name}": { image: ${name.toLowerCase()}, volumes: ["./conf:/c:ro", "${name}:/v"], environment: ["${name}"], hostname: "\${${name}}" } }\nvolumes: { "${name}": { driver_opts: { ${name}: x } } }\nx-${name}: { ${name}: x }\n`,
      },
    ]),
  ),
  'arguments of a Dockerfile': {
    Dockerfile: `ARG __proto__=x\nARG constructor\nFROM $constructor\nENV __proto__=$toString\nEXPOSE ${Array.from({ length: 3000 }, (_, at) => `${at}-${at + 900}`).join(' ')}\n`,
    'compose.yaml': 'services: { s: { build: . } }',
  },
  'patterns that regular expressions need years for': {
    Dockerfile: `FROM x\nCOPY ${'*a'.repeat(40)}b ${'[a-z]*'.repeat(40)}b /x/\n`,
    '.dockerignore': `${'*a'.repeat(40)}b\n!${'**/a'.repeat(40)}b\n${'**'.repeat(400)}c\n`,
    [`${'a'.repeat(200)}/${'a'.repeat(200)}/.env`]: 'API_TOKEN=abcdef123456',
    'compose.yaml': 'services: { s: { build: ., volumes: ["./a:/app"] } }',
  },
  'patterns of names that regular expressions need years for': {
    'compose.yaml': `services: { s: { image: i, environment: { ${'a'.repeat(150)}: some value }, depends_on: { "${'*a'.repeat(30)}b": { condition: service_started, required: false } } }, ${'a'.repeat(150)}: { image: i } }\nx-landfall: { secrets: { variables: ["${'*a'.repeat(30)}b"], plain: ["${'*a'.repeat(30)}c"] } }\n`,
  },
  'a list of 30,000 patterns, and many files': {
    Dockerfile: 'FROM x\nCOPY . .\n',
    '.dockerignore': Array.from({ length: 30_000 }, (_, at) => `*${at}\n`).join(''),
    ...Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`d/${at}/.netrc`, ''])),
    'compose.yaml': 'services: { s: { build: . } }',
  },
  'a lock file of wrong types': {
    'landfall.lock':
      '{"version":1,"images":{"i":{"accounts":null,"ports":[null],"healthcheck":[]}},"oneShots":{}}',
    ...service('init: true'),
  },
  'a lock file that is null': { 'landfall.lock': 'null', ...service('init: true') },
  'settings that are null': { 'landfall.yaml': 'services: null\n', ...service('init: true') },
  'settings that are a list': { 'landfall.yaml': '[1, null]\n', ...service('init: true') },
  'settings with an alias of themselves': {
    'landfall.yaml': 'services: &a { s: *a }\n',
    ...service('init: true'),
  },
  'settings that multiply': {
    'landfall.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(
      /./g,
      (key) =>
        `${key}: &${key} [${Array(9)
          .fill(`*${String.fromCharCode(key.charCodeAt(0) - 1)}`)
          .join(', ')}]\n`,
    )}`,
    ...service('init: true'),
  },
  'all powers': service(
    'privileged: true, cap_add: [ALL], pid: host, ipc: host, network_mode: host, userns_mode: host, cgroup: host, security_opt: ["seccomp:unconfined", "apparmor:unconfined", "label:disable", "systempaths=unconfined", "x", "", "="], volumes: ["/:/host", "/var/run/docker.sock:/var/run/docker.sock"], devices: ["/dev/sda"]',
  ),
  'images of hosts that are none': {
    'compose.yaml':
      'services: { a: { image: "http://x/y" }, b: { image: "x.y?z/app" }, c: { image: "a:b/c" }, d: { image: "evil.example#/app" }, e: { image: "[::1]:99999/app" }, f: { image: "x..y:0/app" } }',
  },
  'names of megabytes': service(`labels: { ${'a'.repeat(1_000_000)}: x }`),
}
