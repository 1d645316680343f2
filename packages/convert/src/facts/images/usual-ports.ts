import { parseImageReference } from '@landfall/image'

/**
 * The ports that well-known images name (EXPOSE), by the last part of the image's name: what is known of an image that
 * could not be read.
 */
const USUAL: Readonly<Record<string, string[]>> = {
  cassandra: ['7000', '7001', '7199', '9042', '9160'],
  clickhouse: ['8123', '9000', '9009'],
  'clickhouse-server': ['8123', '9000', '9009'],
  consul: ['8300', '8301', '8301/udp', '8302', '8302/udp', '8500', '8600', '8600/udp'],
  couchdb: ['4369', '5984', '9100'],
  'eclipse-mosquitto': ['1883'],
  elasticsearch: ['9200', '9300'],
  emqx: ['1883', '8083', '8084', '8883', '18083'],
  etcd: ['2379', '2380'],
  influxdb: ['8086'],
  kafka: ['9092'],
  mariadb: ['3306'],
  memcached: ['11211'],
  minio: ['9000'],
  mongo: ['27017'],
  mysql: ['3306', '33060'],
  nats: ['4222', '6222', '8222'],
  neo4j: ['7473', '7474', '7687'],
  opensearch: ['9200', '9300', '9600', '9650'],
  postgis: ['5432'],
  postgres: ['5432'],
  postgresql: ['5432'],
  rabbitmq: ['4369', '5671', '5672', '15671', '15672', '15691', '15692', '25672'],
  redis: ['6379'],
  solr: ['8983'],
  valkey: ['6379'],
  vault: ['8200'],
  zookeeper: ['2181', '2888', '3888', '8080'],
}

/** The ports that an image usually names, as EXPOSE has them; none for one that is not well known. */
export function usualPorts(image: string): readonly string[] {
  const name = parseImageReference(image)?.repository.split('/').at(-1) ?? ''
  return Object.hasOwn(USUAL, name) ? (USUAL[name] ?? []) : []
}
