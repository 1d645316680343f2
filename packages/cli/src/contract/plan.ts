import { type Static, Type } from 'typebox'
import { line } from './line.ts'

const reason = Type.Object(
  {
    code: Type.String({ description: 'A stable id: `landfall explain CODE` documents it.' }),
    text: Type.String({ description: 'For people; the wording may change.' }),
  },
  { description: 'Why it is decided so.' },
)
const protocol = Type.Enum(['TCP', 'UDP', 'SCTP'])
const port = Type.Integer({ minimum: 1, maximum: 65535 })

const probe = Type.Object(
  {
    action: Type.Enum(['exec', 'httpGet', 'tcpSocket']),
    port: Type.Optional(port),
    reason,
    periodSeconds: Type.Number(),
    timeoutSeconds: Type.Number(),
    failureThreshold: Type.Integer(),
  },
  { description: 'Neither the command nor the path and the headers of a request are printed.' },
)

const variable = Type.Object(
  {
    name: Type.String(),
    from: Type.Enum(['value', 'secret', 'existingSecret'], {
      description:
        '`value`: in the pod template. `secret`: in a Secret that is created from the project. `existingSecret`: in a Secret that has to exist.',
    }),
    secret: Type.Optional(Type.String({ description: 'Name of the existing Secret.' })),
    key: Type.Optional(Type.String({ description: 'Its key in the existing Secret.' })),
  },
  { description: 'An environment variable. Values are never printed.' },
)

const file = Type.Object({
  path: Type.String({ description: 'Below the target; empty for a single file.' }),
  mode: Type.Integer(),
  secret: Type.Boolean({ description: 'It goes into a Secret.' }),
  size: Type.Optional(Type.Integer({ description: 'Bytes; not printed for secrets.' })),
  sha256: Type.Optional(Type.String({ description: 'Of the content; not printed for secrets.' })),
})

const fileMount = Type.Object({
  target: Type.String({ description: 'Path in the container.' }),
  from: Type.Enum(['bind', 'config', 'secret', 'landfall']),
  directory: Type.Boolean(),
  writable: Type.Boolean({ description: 'Each pod gets its own copy.' }),
  existing: Type.Optional(
    Type.String({ description: 'Name of the ConfigMap or Secret that has to exist.' }),
  ),
  fills: Type.Optional(
    Type.String({ description: 'The volume that is kept in step with the files.' }),
  ),
  files: Type.Array(file),
})

const publishedPort = Type.Object({
  port,
  protocol,
  published: Type.Optional(port),
  by: Type.Enum(['NodePort', 'HostPort', 'LoadBalancer']),
  number: Type.Optional(
    Type.Integer({ description: 'The NodePort or HostPort; absent where the cluster assigns it.' }),
  ),
})

const service = Type.Object({
  service: Type.String({ description: 'Its key in the Compose file.' }),
  name: Type.String({ description: 'The name of its objects.' }),
  pod: Type.String({ description: 'The name of the pod that it runs in.' }),
  reason,
  image: Type.String(),
  imageMetadata: Type.Optional(
    Type.Enum(['table'], {
      description:
        '`table`: the image could not be read, and its users and volumes are those of a table of well-known images.',
    }),
  ),
  builtFrom: Type.Optional(
    Type.Array(
      Type.Object({
        context: Type.String({ description: 'Its address, without passwords and queries.' }),
        revision: Type.Optional(
          Type.String({
            description: 'A commit, or `sha256:…` of an archive; absent if it was not fetched.',
          }),
        ),
      }),
      { description: 'Git repositories and archives that the image is built from.' },
    ),
  ),
  names: Type.Array(Type.String(), { description: 'Names that other services can use.' }),
  reach: Type.Object(
    { mode: Type.Enum(['ready', 'always', 'pods']), reason },
    {
      description:
        'Where the names lead: `ready`: to ready pods. `always`: to the pod, ready or not. `pods`: to the addresses of the pods.',
    },
  ),
  ports: Type.Array(Type.Object({ port, protocol, reason })),
  published: Type.Array(publishedPort),
  route: Type.Optional(
    Type.Object({
      kind: Type.Enum(['Ingress', 'Gateway']),
      port,
      host: Type.Optional(Type.String()),
      path: Type.String(),
    }),
  ),
  entrypoint: Type.Boolean({ description: "Replaces the image's entrypoint." }),
  command: Type.Boolean({ description: "Replaces the image's command." }),
  environment: Type.Array(variable, { description: 'Sorted by name.' }),
  files: Type.Array(fileMount),
  volumes: Type.Array(
    Type.Object({
      volume: Type.String(),
      target: Type.String(),
      readOnly: Type.Boolean(),
      subPath: Type.Optional(Type.String()),
      ephemeral: Type.Boolean({ description: 'It lives as long as the pod.' }),
      seeded: Type.Boolean({ description: 'A new volume is filled from the image.' }),
    }),
  ),
  scratch: Type.Array(
    Type.Object({
      target: Type.String(),
      memory: Type.Boolean(),
      sizeLimit: Type.Optional(Type.String()),
    }),
    { description: 'Directories that live as long as the pod.' },
  ),
  hostPaths: Type.Array(
    Type.Object({ source: Type.String(), target: Type.String(), readOnly: Type.Boolean() }),
  ),
  startup: Type.Optional(probe),
  readiness: Type.Optional(probe),
  liveness: Type.Optional(probe),
  waitsFor: Type.Array(
    Type.Object({
      on: Type.String({ description: 'A service or a host.' }),
      test: Type.Enum(
        [
          ...['consumer', 'dns', 'file', 'healthy', 'http', 'job', 'job-or-ready', 'not', 'pods'],
          ...['ready-name', 'rollout', 'rows', 'started', 'tcp', 'znode'],
        ] as const,
        { description: 'What the init container tests.' },
      ),
      reason,
    }),
  ),
  oneShot: Type.Optional(
    Type.Object({
      neverExits: Type.Boolean(),
      doneWhen: Type.Boolean({ description: 'landfall.yaml declares when its work is done.' }),
    }),
  ),
  kept: Type.Optional(
    Type.Object(
      {
        restartsWith: Type.Array(Type.String(), {
          description: 'Services whose new pods and containers restart it.',
        }),
        alive: Type.Boolean({ description: 'It restarts when `alive` of landfall.yaml fails.' }),
        again: Type.Boolean({ description: 'It runs again when its effect is gone.' }),
      },
      { description: 'What the keeper of the release does; absent if nothing.' },
    ),
  ),
})

const container = Type.Object({
  name: Type.String(),
  service: Type.String({ description: 'The service that it runs, or for which it works.' }),
  phase: Type.Enum(
    [
      'tools',
      'seed',
      'scratch',
      'files',
      'fill',
      'settings',
      'names',
      'wait',
      'before',
      'program',
      'check',
      'keep',
    ],
    {
      description:
        '`program` runs the service. Others prepare its volumes and files, wait for what it needs, check whether the work of a one-shot is done, or keep the pod running.',
    },
  ),
  image: Type.String(),
  sidecar: Type.Boolean({ description: 'An init container that runs as long as the pod.' }),
})

const pod = Type.Object({
  name: Type.String({ description: 'Of the workload, by which its pods are selected.' }),
  kind: Type.Enum(['Deployment', 'StatefulSet', 'DaemonSet', 'Job']),
  reason,
  replicas: Type.Integer(),
  strategy: Type.Optional(Type.Enum(['RollingUpdate', 'Recreate'])),
  strategyReason: Type.Optional(reason),
  minReadySeconds: Type.Optional(
    Type.Integer({
      description: 'For so long a new pod must be ready before it replaces an old one.',
    }),
  ),
  drainSeconds: Type.Optional(
    Type.Integer({ description: 'For so long a pod that ends serves on before it stops.' }),
  ),
  job: Type.Optional(
    Type.Object({
      runs: Type.Integer({ description: 'How often its program has to succeed.' }),
      backoffLimit: Type.Integer(),
    }),
  ),
  services: Type.Array(Type.String(), {
    description: 'Those whose programs run in it, first the one that it is named after.',
  }),
  initContainers: Type.Array(container, { description: 'In the order in which they run.' }),
  containers: Type.Array(container),
  serviceAccount: Type.Optional(Type.String()),
})

export const planLine = line('plan', 'The end of `landfall plan`.', {
  project: Type.String(),
  pods: Type.Array(pod, { description: 'Each with its workload, sorted by service.' }),
  services: Type.Array(service, { description: 'Sorted by service.' }),
  volumes: Type.Array(
    Type.Object({
      volume: Type.String(),
      on: Type.Enum(['claim', 'nfs', 'memory']),
      claim: Type.Optional(
        Type.Object(
          {
            name: Type.String(),
            existing: Type.Boolean({ description: 'It has to exist.' }),
            size: Type.Optional(Type.String({ description: 'Absent if it has to exist.' })),
            class: Type.Optional(Type.String({ description: 'The StorageClass.' })),
            readWriteMany: Type.Boolean(),
          },
          { description: 'The PersistentVolumeClaim.' },
        ),
      ),
      mountedBy: Type.Array(Type.String(), { description: 'Services.' }),
    }),
  ),
  binds: Type.Array(
    Type.Object({
      path: Type.String({ description: 'The topmost path, as in the Compose file.' }),
      as: Type.Enum(['storage', 'config', 'image', 'host'], {
        description:
          '`storage`: on a claim. `config`: read-only, or a copy for each pod that may write. `image`: the image that is built from the project contains it. `host`: a path of the host.',
      }),
      reason,
      volume: Type.Optional(Type.String({ description: 'The volume of storage.' })),
      mounts: Type.Array(
        Type.Object({
          service: Type.String(),
          path: Type.String({ description: 'The path or a path below it.' }),
          target: Type.String(),
          readOnly: Type.Boolean(),
        }),
      ),
    }),
    { description: 'Paths that services bind, each with all that is bound below it.' },
  ),
  external: Type.Array(
    Type.Object({
      written: Type.String({ description: 'The name as the services use it.' }),
      name: Type.String({ description: 'The valid name that resolves.' }),
      address: Type.Optional(Type.String()),
      host: Type.Optional(Type.String()),
    }),
    { description: 'Services outside of the project.' },
  ),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      withinSeconds: Type.Number({ description: 'The time in which it has to succeed.' }),
      steps: Type.Array(
        Type.Object({
          kind: Type.Enum(['http', 'tcp', 'dns', 'command']),
          service: Type.Optional(
            Type.String({ description: 'The service in which a command runs.' }),
          ),
          description: Type.String({ description: 'For people; the wording may change.' }),
        }),
      ),
    }),
    {
      description:
        'What is tested inside the cluster when everything is ready. Headers, bodies and arguments are not printed.',
    },
  ),
})
export type PlanLine = Static<typeof planLine>
