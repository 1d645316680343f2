import { type Static, Type } from 'typebox'
import { clientEffects, withNot } from './client-effects.ts'
import { file } from './file.ts'
import { permission } from './permission.ts'
import { requestKeys } from './request.ts'
import { byName, duration, mapping, portNumber, portText, quantity } from './shapes.ts'
import { sqlOneShot, step } from './steps.ts'
import { tarballKeys } from './tarball.ts'

export const effect = mapping(
  'One observable effect: exactly one of http, tcp, dns, job, file, command, zookeeper, amqp, sql and not; method, headers, send, status and body belong to http, the times to ready, alive and a doneWhen that is tested again.',
  withNot({
    http: Type.String({
      description: 'The URL responds with a 2xx status, or with status, and with body if set.',
      pattern: '^https?://[^/ ]+(/[^ ]*)?([?][^ ]*)?$',
    }),
    ...requestKeys,
    status: Type.Integer({
      description: 'The expected status; any 2xx if omitted.',
      minimum: 100,
      maximum: 599,
    }),
    body: Type.String({
      description: 'Text that the response must contain.',
      pattern: '^[^\\n]+$',
    }),
    tcp: Type.String({
      description: 'host:port accepts connections.',
      pattern: '^[^: ]+:[0-9]+$',
    }),
    dns: Type.String({ description: 'The name resolves.', pattern: '^[^ ]+$' }),
    job: Type.String({ description: 'This one-shot service is complete.' }),
    file: Type.String({
      description: 'The path exists, in a volume that the service mounts.',
      pattern: '^/[^\\n]+$',
    }),
    command: Type.Array(Type.String(), {
      description: 'Exits with code 0 in the container; only for ready and alive.',
    }),
    after: duration(
      'How long after the start of the container, or after the end of a one-shot, it is tested first: 30s, 2m, or a number of seconds.',
    ),
    interval: duration('The time between two tests.'),
    failures: Type.Integer({
      description: 'How many tests in a row must fail.',
      minimum: 1,
      maximum: 1000,
    }),
    timeout: duration('How long a test may take; 5s if omitted.'),
    ...clientEffects,
  }),
)
export type Effect = Static<typeof effect>

const again = mapping('When a one-shot runs again.', {
  whenGone: Type.Boolean({
    description: 'When doneWhen no longer holds after it was done.',
  }),
  whenChanged: Type.Array(Type.String({ pattern: '^[^ ]+$' }), {
    description:
      'When one of these changes: a file or directory of the project (./seed.sql), a variable of the Compose file ($TARGET), or a service outside the project by its name.',
  }),
})
type Again = Static<typeof again>

const completion = mapping('How to find out that the work is done.', {
  doneWhen: Type.Unsafe<Effect>({
    ...effect,
    description: 'The effect that shows that the work is done, if the exit code does not.',
  }),
  again: Type.Unsafe<'whenGone' | Again>({
    ...again,
    description:
      'When the one-shot runs again, although nothing of its own has changed. whenGone: when doneWhen no longer holds after it was done; the keeper of the release tests that.',
    type: ['string', 'object'],
    pattern: '^whenGone$',
  }),
  neverExits: Type.Boolean({
    description: 'The program keeps running after its work (tail -f /dev/null).',
  }),
})
export type OneShot = Static<typeof completion>

const oneShot = Type.Unsafe<OneShot | boolean>({
  ...completion,
  description:
    'true or a mapping: the service does its work once and becomes a Job. false: it keeps running. If omitted, the project decides (workload-kind).',
  type: ['object', 'boolean'],
})

export const exposure = mapping('How published ports are exposed outside the cluster.', {
  type: Type.Unsafe<'NodePort' | 'LoadBalancer' | 'HostPort' | 'Ingress' | 'Gateway' | 'none'>({
    description:
      'NodePort by default, Ingress if host or path is set. HostPort: the published numbers on the node of the pod, one copy per node. none: inside the cluster only.',
    type: 'string',
    enum: ['NodePort', 'LoadBalancer', 'HostPort', 'Ingress', 'Gateway', 'none'],
  }),
  host: Type.String({
    description:
      'The host of an Ingress or a Gateway: shop.example.com. For the whole project, the domain below which each service has its name.',
    pattern: '^([*][.])?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
  }),
  path: Type.String({
    description: 'The path prefix of an Ingress or a Gateway; / if omitted.',
    pattern: '^/[^ ]*$',
  }),
  class: Type.String({ description: 'The IngressClass.' }),
  tls: Type.Unsafe<string | boolean>({
    description: 'The Secret with the certificate of an Ingress; true: <service>-tls.',
    type: ['string', 'boolean'],
  }),
  port: Type.Integer({
    description:
      'The container port behind an Ingress or a Gateway; the first published TCP port if omitted.',
    ...portNumber,
  }),
  gateway: Type.String({ description: 'The Gateway that the route belongs to.' }),
})
export type Exposure = Static<typeof exposure>

const host = mapping('What the service may use of the node on which it runs.', {
  network: Type.Boolean({
    description: 'The network of the node (network_mode: host): its ports are ports of the node.',
  }),
  pid: Type.Boolean({ description: 'The processes of the node (pid: host).' }),
  ipc: Type.Boolean({ description: 'The shared memory of the node (ipc: host).' }),
  paths: Type.Array(Type.String({ pattern: '^/' }), {
    description: 'Paths of the node that the Compose file mounts: /proc, /var/run/docker.sock.',
  }),
  devices: Type.Boolean({
    description: 'Device files of the node; the container becomes privileged.',
  }),
  sysctls: Type.Boolean({
    description: 'Sysctls that are not safe in Kubernetes, set by a privileged init container.',
  }),
})

const secretValue = mapping('A key of a Secret in the cluster.', {
  secret: Type.String({
    description: 'The name of the Secret.',
    pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  }),
  key: Type.String({
    description: 'The key in the Secret; the name of the variable if omitted.',
    pattern: '^[-._a-zA-Z0-9]+$',
  }),
})

const percentage = Type.String({ pattern: '^[1-9][0-9]{0,2}%$' })

const scale = mapping(
  'How many pods there are, by load (HorizontalPodAutoscaler); replaces replicas. The cluster must serve metrics.',
  {
    min: Type.Integer({ description: 'The least number of pods.', minimum: 1 }),
    max: Type.Integer({ description: 'The most pods.', minimum: 1 }),
    cpu: Type.Unsafe<string>({
      ...percentage,
      description: 'The average use of CPU to aim at, of what each pod requests: 70%.',
    }),
    memory: Type.Unsafe<string>({
      ...percentage,
      description: 'The average use of memory to aim at, of what each pod requests: 80%.',
    }),
  },
)
export type ScaleSettings = Static<typeof scale>

export const service = mapping('Settings of one service.', {
  enabled: Type.Boolean({
    description:
      'false: the service is not deployed. Services that need it are an error, unless they do not require it (required: false) or external declares where it is. true if omitted.',
  }),
  oneShot,
  waitsFor: Type.Array(effect, {
    description: 'Effects that must hold before the service starts, in addition to depends_on.',
  }),
  ready: Type.Unsafe<Effect>({
    ...effect,
    description:
      'When the service can be used: its startup and readiness probe. http and tcp connect to the service itself, or to localhost.',
  }),
  alive: Type.Unsafe<Effect>({
    ...effect,
    description:
      'When the service need not be restarted. A probe of its container tests it where the kubelet can; the answer of another service, or a request with a body, is tested by the keeper of the release, which restarts the service.',
  }),
  restartsWith: Type.Unsafe<string[] | boolean>({
    description:
      'Services whose new pods and containers restart this one: when all of them are ready again, once. The keeper of the release does that. true: those of depends_on with restart: true.',
    type: ['array', 'boolean'],
    items: { type: 'string' },
  }),
  before: Type.Array(step, {
    description:
      'What runs once in each pod before its program, one after the other, after the pod has waited for what it needs: a step that fails runs again, so it must be safe to repeat. A step is { command: [bin/prepare.sh] }, with the image, the variables and the files of the service (or image), or { sql: { to, run, unless } } with the keys of sql but file. {{identity}} is the number of the copy.',
  }),
  sql: sqlOneShot,
  startedWhen: Type.Unsafe<'answers' | 'runs'>({
    description:
      'What service_started means for services that depend on this one. answers (default): a port accepts connections. runs: its pod runs, as in Compose.',
    enum: ['answers', 'runs'],
  }),
  ports: Type.Array(portText('^[0-9]+(-[0-9]+| *[+] *identity)?(/(tcp|udp|sctp))?$'), {
    description:
      'Container ports that the Compose file does not declare: 5566, 53/udp. With identity, 30087 + identity is a port of each copy, offered outside under the same number.',
  }),
  optionalPorts: Type.Array(Type.Integer(portNumber), {
    description:
      'Container ports that need not accept connections when the service is ready. For all other TCP ports that are published, or to which another service connects without waiting, a refused connection is a failure of `landfall up`.',
  }),
  expose: exposure,
  reach: Type.Unsafe<'service' | 'pods'>({
    description:
      'Where the names of the service lead. service: one address. pods: the addresses of the pods, ready or not, with every port. If omitted, members of a cluster are reached as pods, all other services at one address.',
    enum: ['service', 'pods'],
  }),
  identity: mapping(
    'Each copy has a number of its own, a name (node-1) and, if declared, ports. The service becomes a StatefulSet: a copy ends before another one has its number.',
    {
      from: Type.Integer({
        description: 'The number of the first copy; 1 if omitted.',
        minimum: 0,
      }),
      file: Type.String({
        description:
          'A file that holds the number and nothing else: a path inside of the tarball, or an absolute path in the container. The other files of its folder stay.',
        pattern: '^[^\\n]+$',
      }),
      env: Type.String({
        description: 'A variable that holds the number; LANDFALL_IDENTITY does in any case.',
        pattern: '^[^ =\\n]+$',
      }),
      most: Type.Integer({
        description:
          'How many copies have names and ports in advance, for `kubectl scale` and values of charts; those of replicas if omitted. `landfall scale` adds them.',
        minimum: 1,
        maximum: 1000,
      }),
    },
  ),
  replicas: Type.Integer({ description: 'The number of pods.', minimum: 0 }),
  scale,
  singleton: Type.Unsafe<string | boolean>({
    description:
      'Why there must be one pod only, in a few words; more are refused with this text. false: more pods are right, although Landfall finds a reason against them.',
    type: ['string', 'boolean'],
  }),
  spread: Type.Unsafe<'soft' | 'hard'>({
    description:
      'How several pods are spread over nodes and zones. soft (default): where there is room. hard: a pod that would be the second more on a node than on another waits for another node.',
    enum: ['soft', 'hard'],
  }),
  sticky: Type.Boolean({
    description:
      'Connections from one client address reach the same pod while it is ready (sessionAffinity: ClientIP).',
  }),
  rollout: Type.Unsafe<'rolling' | 'recreate'>({
    description:
      'How pods are replaced. rolling: new pods become ready before old ones stop. recreate: all old pods end before new ones start, for programs that must not run twice (a consumer of one queue). If omitted, Landfall decides, and `landfall plan` shows why.',
    type: 'string',
    enum: ['rolling', 'recreate'],
  }),
  drain: Type.Unsafe<number | string>({
    description:
      'How long a pod that ends keeps serving before it gets its stop signal, so that no request is sent to a pod that is gone: 15s, 1m, or a number of seconds. If omitted, 5s for services that are replaced in a rolling way and to which others connect; 0 for no pause. The grace period of the program is not shortened.',
    type: ['integer', 'string'],
    minimum: 0,
    maximum: 3600,
    pattern: '^(?=.)([0-9]+h)?([0-9]+m)?([0-9]+s)?$|^0$',
  }),
  resources: mapping('Requests of the container; memory is its limit as well.', {
    memory: quantity,
    cpu: quantity,
  }),
  environment: byName(
    'Variables whose values are in Secrets of the cluster, by their names.',
    secretValue,
  ),
  files: byName(
    'Mounted files of the service, by their paths as the Compose file writes them, with values of its own: other services that mount the same file keep theirs.',
    file,
  ),
  host,
  permissions: Type.Array(permission, {
    description:
      'What the program may do in the Kubernetes API, as rules of a Role in its namespace; its container gets a token. If omitted, the program has no access to the API.',
  }),
  ...tarballKeys,
  serviceAccount: Type.String({
    description:
      'A ServiceAccount that is in the namespace, for all pods of the service: one to which a cloud gives rights (IRSA, Workload Identity), for example. Landfall does not create it; rights that the service needs are bound to it. If omitted, `default`, or one of Landfall for pods that use the API.',
    pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  }),
  runtimeClass: Type.String({ description: 'A RuntimeClass of the cluster.' }),
  hostsFirst: Type.Boolean({
    description:
      'Look up names in /etc/hosts before DNS: for programs that bind to their own name and query DNS first (Go before 1.16 in an image without /etc/nsswitch.conf).',
  }),
})
export type ServiceSettings = Static<typeof service>
