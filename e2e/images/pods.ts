import type { Json } from '@landfall/testkit'

interface Running {
  image: string
  args?: string[]
  env?: Record<string, string>
  ports?: number[]
  /** Paths at which files are mounted, one folder each: file name to content. */
  files?: Record<string, Record<string, string>>
  /** A directory that outlives the container. */
  data?: string
  ready?: string[]
  once?: boolean
}

const running: Record<string, Running> = {
  redis: { image: 'redis:7.0', args: ['--maxmemory-policy', 'allkeys-lru'] },
  postgres: {
    image: 'postgres:15',
    env: { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 's3cret', POSTGRES_DB: 'orders' },
    files: {
      '/docker-entrypoint-initdb.d': {
        '1.sql': 'create table starts (at int); insert into starts values (1);',
        '2.sh': 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into starts values (2)"',
      },
    },
    data: '/var/lib/postgresql/data',
    ready: ['pg_isready', '-h', '127.0.0.1'],
  },
  'postgres-bare': { image: 'postgres:15', once: true },
  'mariadb-bare': { image: 'mariadb:10.11', once: true },
  mysql: {
    image: 'mysql:8.0',
    env: {
      MYSQL_ROOT_PASSWORD: 'top',
      MYSQL_DATABASE: 'orders',
      MYSQL_USER: 'shop',
      MYSQL_PASSWORD: 's3cret',
    },
    files: {
      '/docker-entrypoint-initdb.d': {
        '1.sql': 'create table starts (at int); insert into starts values (1);',
      },
    },
    ready: ['mysqladmin', 'ping', '-h', '127.0.0.1', '-ushop', '-ps3cret'],
  },
  nginx: {
    image: 'nginx:1.22',
    env: { WHO: 'world' },
    ports: [80],
    files: {
      '/etc/nginx/templates': {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the template
        'default.conf.template': 'server { location / { return 200 "hello ${WHO} from $host"; } }',
      },
    },
  },
  rabbitmq: {
    image: 'rabbitmq:3.10-management',
    env: {
      RABBITMQ_DEFAULT_USER: 'shop',
      RABBITMQ_DEFAULT_PASS: 'hop',
      RABBITMQ_DEFAULT_VHOST: 'orders',
    },
    ports: [5672, 15672],
  },
  mosquitto: {
    image: 'eclipse-mosquitto:2',
    ports: [1883],
    files: { '/mosquitto/config': { 'mosquitto.conf': 'listener 1883\nallow_anonymous true\n' } },
  },
  zookeeper: {
    image: 'zookeeper:3.8',
    env: { ZOO_4LW_COMMANDS_WHITELIST: 'ruok' },
    ports: [2181],
  },
  registry: { image: 'registry:2', ports: [5000] },
  memcached: { image: 'memcached:1.6', args: ['-m', '32'], ports: [11211] },
  curl: { image: 'curlimages/curl:8.14.1', args: ['sleep', '3600'] },
  node: {
    image: 'node:18',
    args: ['-e', 'console.log("process.version", process.version)'],
    once: true,
  },
  python: { image: 'python:3.11', args: ['python', '--version'], once: true },
  busybox: {
    image: 'busybox:1.35.0-musl',
    args: ['sh', '-c', '! ls /lib/ld* 2>/dev/null && echo static'],
    once: true,
  },
}

/** A Service with the pod's name for each pod that has ports, and a ConfigMap for each folder of files. */
export const pods: Json[] = Object.entries(running).flatMap(([name, given]) => {
  const folders = Object.entries(given.files ?? {})
  const volumes = [
    ...folders.map((_, index) => ({
      name: `files-${index}`,
      configMap: { name: `${name}-${index}` },
    })),
    ...(given.data === undefined ? [] : [{ name: 'data', emptyDir: {} }]),
  ]
  const mounts = [
    ...folders.map(([mountPath], index) => ({ name: `files-${index}`, mountPath })),
    ...(given.data === undefined ? [] : [{ name: 'data', mountPath: given.data }]),
  ]
  const container = {
    name,
    image: given.image,
    args: given.args,
    env: Object.entries(given.env ?? {}).map(([variable, value]) => ({ name: variable, value })),
    volumeMounts: mounts,
    readinessProbe: given.ready && {
      exec: { command: given.ready },
      periodSeconds: 3,
      timeoutSeconds: 15,
    },
  }
  return [
    ...folders.map(([, data], index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-${index}` },
      data,
    })),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec: {
        restartPolicy: given.once === true ? 'Never' : 'Always',
        terminationGracePeriodSeconds: 5,
        enableServiceLinks: false,
        containers: [container],
        volumes,
      },
    },
    ...(given.ports === undefined
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name },
            spec: {
              selector: { app: name },
              ports: given.ports.map((port) => ({ name: `p${port}`, port })),
            },
          },
        ]),
  ]
})
