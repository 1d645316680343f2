import { parseImageReference } from '@landfall/image'

/**
 * The ports that well-known images name (EXPOSE), by the last part of the image's name: what is known of an image that
 * could not be read.
 */
const USUAL: Readonly<Record<string, string[]>> = {
  adminer: ['8080'],
  caddy: ['80', '443', '2019'],
  cassandra: ['7000', '7001', '7199', '9042', '9160'],
  clickhouse: ['8123', '9000', '9009'],
  'clickhouse-server': ['8123', '9000', '9009'],
  consul: ['8300', '8301', '8301/udp', '8302', '8302/udp', '8500', '8600', '8600/udp'],
  couchdb: ['4369', '5984', '9100'],
  'eclipse-mosquitto': ['1883'],
  elasticsearch: ['9200', '9300'],
  emqx: ['1883', '8083', '8084', '8883', '18083'],
  etcd: ['2379', '2380'],
  ghost: ['2368'],
  gitea: ['22', '3000'],
  grafana: ['3000'],
  httpd: ['80'],
  influxdb: ['8086'],
  jenkins: ['8080', '50000'],
  kafka: ['9092'],
  keycloak: ['8080', '8443'],
  mariadb: ['3306'],
  memcached: ['11211'],
  minio: ['9000'],
  mongo: ['27017'],
  'mongo-express': ['8081'],
  mysql: ['3306', '33060'],
  nats: ['4222', '6222', '8222'],
  neo4j: ['7473', '7474', '7687'],
  nextcloud: ['80'],
  nginx: ['80'],
  'node-exporter': ['9100'],
  opensearch: ['9200', '9300', '9600', '9650'],
  pgadmin4: ['80', '443'],
  phpmyadmin: ['80'],
  'portainer-ce': ['8000', '9000', '9443'],
  postgis: ['5432'],
  postgres: ['5432'],
  postgresql: ['5432'],
  prometheus: ['9090'],
  rabbitmq: ['4369', '5671', '5672', '15671', '15672', '15691', '15692', '25672'],
  redis: ['6379'],
  registry: ['5000'],
  solr: ['8983'],
  sonarqube: ['9000'],
  telegraf: ['8092/udp', '8094', '8125/udp'],
  traefik: ['80'],
  valkey: ['6379'],
  vault: ['8200'],
  wordpress: ['80'],
  zookeeper: ['2181', '2888', '3888', '8080'],
}

/** Variants of images by their tags, which name other ports. */
const VARIANTS: readonly [name: RegExp, tag: RegExp, ports: readonly string[]][] = [
  [/^(?:nextcloud|php|phpmyadmin|wordpress)$/, /fpm/, ['9000']],
  [/^php$/, /apache/, ['80']],
  [/^adminer$/, /fastcgi/, ['9000']],
  [/^gitea$/, /rootless/, ['2222', '3000']],
]

/** The ports that an image usually names, as EXPOSE has them; none for one that is not well known. */
export function usualPorts(image: string): readonly string[] {
  const { repository = '', tag = '' } = parseImageReference(image) ?? {}
  const name = repository.split('/').at(-1) ?? ''
  const variant = VARIANTS.find(([names, tags]) => names.test(name) && tags.test(tag))
  if (variant !== undefined) return variant[2]
  return Object.hasOwn(USUAL, name) ? (USUAL[name] ?? []) : []
}
