import type { Plan, ServicePlan } from '@landfall/convert'

/** What programs are known by the last part of the name of their image. */
interface Known {
  image: RegExp
  /** The effect that shows that it can be used, where that is more than an open port. */
  ready?: string
  /** The port that its clients use. */
  port?: number
  /** What clients lose that are connected when it is replaced. */
  lost?: string
}

const KNOWN: readonly Known[] = [
  {
    image: /^consul$/,
    ready: '{ http: "http://localhost:8500/v1/catalog/nodes" }',
    port: 8500,
    lost: 'registrations and keys that are in memory',
  },
  { image: /^rabbitmq$/, port: 5672, lost: 'queues and consumers' },
  {
    image: /^(activemq|artemis|activemq-artemis|activemq-classic)$/,
    port: 61616,
    lost: 'consumers',
  },
  { image: /^(eclipse-mosquitto|mosquitto|emqx|vernemq)$/, port: 1883, lost: 'subscriptions' },
  { image: /^nats$/, port: 4222, lost: 'subscriptions' },
  { image: /^zookeeper$/, port: 2181, lost: 'sessions and their nodes' },
  { image: /^etcd$/, port: 2379, lost: 'leases and watches' },
  { image: /eureka/, port: 8761, lost: 'registrations' },
  {
    image: /^elasticsearch$/,
    ready: '{ http: "http://localhost:9200/_cluster/health" }',
    port: 9200,
  },
  { image: /^(mysql|mariadb|percona)$/, port: 3306 },
  { image: /^(postgres|postgis|timescaledb)$/, port: 5432 },
  { image: /^mongo$/, port: 27017 },
  { image: /^(redis|valkey|keydb)$/, port: 6379 },
  { image: /^(kafka|cp-kafka|redpanda)$/, port: 9092 },
]

/** What is known of a server by its image; undefined for programs that are not known. */
export function knownServer({ image }: Pick<ServicePlan, 'image'>): Known | undefined {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
  const name = repository.split('/').at(-1) ?? ''
  return KNOWN.find((one) => one.image.test(name))
}

/** A known server to which a service connects, as its variables and its command show. */
export interface Connection {
  server: ServicePlan
  port: number
  lost?: string
}

/**
 * The known servers to which a service connects without waiting for them. A server that waits for others itself is left out: a wait for it
 * could close a circle.
 */
export function connectionsOf(service: ServicePlan, { services }: Plan): Connection[] {
  const { environment, command, entrypoint } = service
  const texts = [...Object.values(environment), ...(command ?? []), ...(entrypoint ?? [])]
  return services.flatMap((server) => {
    const known = knownServer(server)
    if (known?.port === undefined || server === service || server.pod !== undefined) return []
    if (server.gates.length > 0 || server.kind === 'Job' || server.replicas === 0) return []
    const names = server.names.map(({ written }) => written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const word = new RegExp(`(?<![\\w.-])(${names.join('|')})(?![\\w-]|\\.\\w)`, 'i')
    if (names.length === 0 || !texts.some((text) => word.test(text))) return []
    const lost = known.lost === undefined ? {} : { lost: known.lost }
    return [{ server, port: known.port, ...lost }]
  })
}
