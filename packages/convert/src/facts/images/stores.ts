import { parseImageReference } from '@landfall/image'

/** Databases, brokers and caches by the last part of the image's name. */
const STORES = new Set(
  `activemq activemq-artemis activemq-classic arangodb artemis beanstalkd cassandra chroma clickhouse clickhouse-server consul
  couchbase couchdb cp-kafka cp-zookeeper dragonfly eclipse-mosquitto elasticsearch emqx etcd hivemq4 influxdb kafka keydb
  mariadb memcached milvus minio mongo mongodb mosquitto mysql mysql-server nats neo4j nsqd opensearch percona postgis
  postgres postgresql pulsar qdrant questdb rabbitmq redis redis-stack redis-stack-server redpanda rethinkdb rocketmq scylla
  solr timescaledb valkey vault verne vernemq weaviate zookeeper`.split(/\s+/),
)

/** Whether an image is known to be a database, a broker or a cache: two pods of it have different contents, unless they form a cluster. */
export function isStore(image: string): boolean {
  const { repository = '' } = parseImageReference(image) ?? {}
  return STORES.has(repository.split('/').at(-1) ?? '')
}
