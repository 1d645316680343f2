import { parseImageReference } from '@landfall/image'
import type { ServiceConversion } from '../../conversion.ts'
import { fogflowPart } from '../../facts/images/fogflow.ts'

interface KnownProgram {
  program: string
  /** Last parts of the repositories of its images. */
  images: readonly string[]
  why: string
  remedy: string
}

const OWN_DATA = 'each copy has data of its own, and a client reaches any of them'

/** Programs of which several equal copies are several servers, each with a part of the data. */
const KNOWN: readonly KnownProgram[] = [
  {
    program: 'RabbitMQ',
    images: ['rabbitmq', 'rabbitmq-server'],
    why: 'each copy has queues of its own, and messages are split between them',
    remedy: 'install the RabbitMQ Cluster Operator and reference its cluster under external',
  },
  {
    program: 'PostgreSQL',
    images: [
      'postgres',
      'postgresql',
      'postgis',
      'timescaledb',
      'timescaledb-ha',
      'pgvector',
      'pgrouting',
    ],
    why: OWN_DATA,
    remedy:
      'use an operator (CloudNativePG) or a managed database, and reference it under external',
  },
  {
    program: 'MySQL',
    images: ['mysql', 'mysql-server', 'mariadb', 'percona', 'percona-server'],
    why: OWN_DATA,
    remedy: 'use an operator or a managed database, and reference it under external',
  },
  {
    program: 'MongoDB',
    images: [
      'mongo',
      'mongodb',
      'mongodb-community-server',
      'docker-edgex-mongo',
      'percona-server-mongodb',
    ],
    why: `${OWN_DATA}; a replica set has members with names of their own`,
    remedy: 'declare each member of a replica set as a service of its own',
  },
  {
    program: 'Redis',
    images: [
      'redis',
      'redis-stack',
      'redis-stack-server',
      'valkey',
      'keydb',
      'dragonfly',
      'redis-server',
    ],
    why: OWN_DATA,
    remedy: 'declare replicas of it as a service of their own (--replicaof)',
  },
  {
    program: 'Consul',
    images: ['consul', 'docker-edgex-consul'],
    why: 'each copy elects itself as leader with a catalog of its own',
    remedy: 'install the Helm chart of Consul, and reference it under external',
  },
  {
    program: 'ZooKeeper',
    images: ['zookeeper', 'cp-zookeeper'],
    why: 'the members of an ensemble have numbers and names of their own',
    remedy: 'declare each member as a service of its own',
  },
  {
    program: 'etcd',
    images: ['etcd'],
    why: 'the members of a cluster have names of their own',
    remedy: 'declare each member as a service of its own',
  },
  {
    program: 'Kafka',
    images: ['kafka', 'cp-kafka', 'cp-server', 'kafka-native', 'redpanda'],
    why: 'brokers have numbers and addresses of their own',
    remedy: 'declare each broker as a service of its own',
  },
  {
    program: 'NATS',
    images: ['nats', 'nats-server', 'nats-streaming'],
    why: 'messages that one copy gets do not reach the clients of another',
    remedy: 'declare each member of a cluster as a service of its own, with --routes',
  },
  {
    program: 'ActiveMQ',
    images: ['activemq', 'activemq-classic', 'activemq-artemis', 'artemis'],
    why: 'each copy has queues of its own, and messages are split between them',
    remedy: 'declare each member of a network of brokers as a service of its own',
  },
  {
    program: 'Mosquitto',
    images: ['eclipse-mosquitto', 'mosquitto'],
    why: 'messages that one copy gets do not reach the clients of another',
    remedy: 'use an MQTT broker that forms clusters',
  },
  {
    program: 'InfluxDB',
    images: ['influxdb'],
    why: OWN_DATA,
    remedy: 'run one copy',
  },
  {
    program: 'Neo4j',
    images: ['neo4j'],
    why: OWN_DATA,
    remedy: 'declare each member of a cluster as a service of its own',
  },
  {
    program: 'MinIO',
    images: ['minio'],
    why: `${OWN_DATA}; the servers of a pool have names of their own`,
    remedy: 'declare each server of a pool as a service of its own',
  },
]

/** Parts of FogFlow, which all keep what they know in their process. */
const FOGFLOW: KnownProgram = {
  program: 'FogFlow',
  // by fogflowPart: the names say little without their owner
  images: [],
  why: 'its state is in the process, and copies with one site_id share a queue',
  remedy: 'add a site with a site_id of its own',
}

/** What makes a server one of several: it follows another, or names the others. */
const FOLLOWS =
  /replication_(mode|role)|(master|primary|leader)_(host|port|name)|--?(replica|slave)-?of|standby|--join\b|retry[-_]join|initial[-_]cluster|--?routes/i

/** What is known of the program of a service by the name of its image; nothing of a server that follows another one. */
export function knownProgram({ compose }: ServiceConversion): KnownProgram | undefined {
  const repository = parseImageReference(compose.image ?? '')?.repository
  if (repository === undefined || compose.build !== undefined) return undefined
  const name = repository.split('/').at(-1) ?? ''
  const found =
    fogflowPart(compose.image) !== undefined
      ? FOGFLOW
      : KNOWN.find(({ images }) => images.includes(name))
  const texts = [...Object.entries(compose.environment ?? {}).flat(), ...(compose.command ?? [])]
  return texts.some((text) => FOLLOWS.test(String(text))) ? undefined : found
}
