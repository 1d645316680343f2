import { ownValue } from '@landfall/diagnostic'
import { type ImageFacts, parseImageReference } from '@landfall/image'

/** What the Dockerfiles of the official images declare, for tags that match. */
interface Row {
  /** All tags if omitted. */
  tags?: RegExp
  /** Users by name, each with its UID and GID; a group has the name of its user. */
  users?: Readonly<Record<string, readonly [uid: number, gid: number]>>
  /** USER */
  user?: string
  /** VOLUME */
  volumes?: readonly string[]
}

const ALPINE = /alpine/

/** Both Alpine and Debian number their web user; Debian's is 33. */
const WEB: readonly Row[] = [
  { tags: ALPINE, users: { 'www-data': [82, 82] } },
  { users: { 'www-data': [33, 33] } },
]

const POSTGRES_USERS: readonly Row[] = [
  { tags: ALPINE, users: { postgres: [70, 70] } },
  { users: { postgres: [999, 999] } },
]

/** Since version 18 the volume is the parent directory. */
const POSTGRES_VOLUMES: readonly Row[] = [
  { tags: /^(9\.|1[0-7]\b)/, volumes: ['/var/lib/postgresql/data'] },
  { volumes: ['/var/lib/postgresql'] },
]

/** Alpine's first system user, with the first group that a person's would have. */
const HASHICORP = (name: string): NonNullable<Row['users']> => ({ [name]: [100, 1000] })

const VAULT: readonly Row[] = [
  { users: HASHICORP('vault'), volumes: ['/vault/file', '/vault/logs'] },
]

const CONSUL: readonly Row[] = [{ users: HASHICORP('consul'), volumes: ['/consul/data'] }]

const NODE: Row = { users: { node: [1000, 1000] } }

const PROMETHEUS: Row = { user: 'nobody' }

/**
 * Facts of well-known images by repository, from the Dockerfiles in the repositories of their publishers (docker-library,
 * MariaDB, nginx, Eclipse, Elastic, Grafana, Prometheus, Apache, Caddy, Traefik, HashiCorp, Keycloak, Neo4j and others). A tag
 * that no row has been compared with is not in the table. For each kind of fact the first row that matches counts.
 */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  'apache/kafka': [
    {
      user: 'appuser',
      users: { appuser: [1000, 1000] },
      volumes: ['/etc/kafka/secrets', '/mnt/shared/config', '/var/lib/kafka/data'],
    },
  ],
  'dpage/pgadmin4': [
    {
      tags: /^(latest|9)/,
      user: '5050',
      users: { pgadmin: [5050, 0] },
      volumes: ['/var/lib/pgadmin'],
    },
  ],
  'gitea/gitea': [
    {
      tags: /rootless/,
      user: '1000:1000',
      users: { git: [1000, 1000] },
      volumes: ['/etc/gitea', '/var/lib/gitea'],
    },
    { users: { git: [1000, 1000] }, volumes: ['/data'] },
  ],
  'grafana/grafana': [
    { tags: /^([0-6]\.|7\.[0-2])/, user: '472', users: { grafana: [472, 472] } },
    { user: '472', users: { grafana: [472, 0] } },
  ],
  'hashicorp/consul': CONSUL,
  'hashicorp/vault': VAULT,
  'jenkins/jenkins': [
    { user: 'jenkins', users: { jenkins: [1000, 1000] }, volumes: ['/var/jenkins_home'] },
  ],
  'keycloak/keycloak': [{ tags: /^(latest|2\d)/, user: '1000', users: { keycloak: [1000, 0] } }],
  'library/adminer': [
    { tags: /^(latest|4|5|standalone)/, user: 'adminer', users: { adminer: [100, 101] } },
  ],
  'library/caddy': [
    { tags: /^2\.[0-5]([.-]|$)/, volumes: ['/config', '/data'] },
    { tags: /^(latest|alpine|2|2-alpine|2\.11([.-].*)?)$/ },
  ],
  'library/cassandra': [{ users: { cassandra: [999, 999] }, volumes: ['/var/lib/cassandra'] }],
  'library/consul': CONSUL,
  'library/couchdb': [
    { tags: /^(latest|[23])/, users: { couchdb: [5984, 5984] }, volumes: ['/opt/couchdb/data'] },
  ],
  'library/eclipse-mosquitto': [
    { users: { mosquitto: [1883, 1883] }, volumes: ['/mosquitto/data', '/mosquitto/log'] },
  ],
  'library/elasticsearch': [{ users: { elasticsearch: [1000, 1000] } }],
  'library/ghost': [{ tags: /^(latest|[45])/, ...NODE, volumes: ['/var/lib/ghost/content'] }],
  'library/haproxy': [
    {
      tags: /^(latest|lts|3)(?!.*alpine)/,
      user: 'haproxy',
      users: { haproxy: [99, 99] },
    },
  ],
  'library/httpd': WEB,
  'library/influxdb': [
    {
      tags: /^2/,
      users: { influxdb: [1000, 1000] },
      volumes: ['/etc/influxdb2', '/var/lib/influxdb2'],
    },
    { tags: /^1/, volumes: ['/var/lib/influxdb'] },
  ],
  'library/kibana': [{ users: { kibana: [1000, 1000] } }],
  'library/logstash': [{ users: { logstash: [1000, 1000] } }],
  'library/mariadb': [{ users: { mysql: [999, 999] }, volumes: ['/var/lib/mysql'] }],
  'library/memcached': [{ user: 'memcache', users: { memcache: [11211, 11211] } }],
  'library/mongo': [{ users: { mongodb: [999, 999] }, volumes: ['/data/configdb', '/data/db'] }],
  'library/mongo-express': [NODE],
  'library/mysql': [{ users: { mysql: [999, 999] }, volumes: ['/var/lib/mysql'] }],
  'library/neo4j': [
    {
      tags: /^(latest|5|20\d\d|community|enterprise)/,
      users: { neo4j: [7474, 7474] },
      volumes: ['/data', '/logs'],
    },
  ],
  'library/nextcloud': [...WEB, { volumes: ['/var/www/html'] }],
  'library/nginx': [{ users: { nginx: [101, 101] } }],
  'library/node': [NODE],
  'library/php': WEB,
  'library/phpmyadmin': WEB,
  'library/postgres': [...POSTGRES_USERS, ...POSTGRES_VOLUMES],
  'library/rabbitmq': [
    { tags: ALPINE, users: { rabbitmq: [100, 101] } },
    { users: { rabbitmq: [999, 999] } },
    { volumes: ['/var/lib/rabbitmq'] },
  ],
  'library/redis': [
    { tags: ALPINE, users: { redis: [999, 1000] } },
    { users: { redis: [999, 999] } },
    { volumes: ['/data'] },
  ],
  'library/registry': [{ tags: /^2/, volumes: ['/var/lib/registry'] }],
  'library/solr': [
    { tags: /^(latest|[89]|1\d)/, user: '8983', volumes: ['/var/solr'] },
    { users: { solr: [8983, 8983] } },
  ],
  'library/sonarqube': [{ tags: /^10/, user: 'sonarqube', users: { sonarqube: [1000, 0] } }],
  'library/telegraf': [{ tags: /^1\.30(?!.*alpine)/ }],
  'library/traefik': [{ tags: /^v?(2\.11|3)/ }, { tags: /^latest$/ }],
  'library/vault': VAULT,
  'library/wordpress': [...WEB, { volumes: ['/var/www/html'] }],
  'library/zookeeper': [
    { users: { zookeeper: [1000, 1000] }, volumes: ['/data', '/datalog', '/logs'] },
  ],
  'minio/minio': [{ volumes: ['/data'] }],
  'pgvector/pgvector': POSTGRES_USERS,
  'phpmyadmin/phpmyadmin': WEB,
  'portainer/portainer-ce': [{ volumes: ['/data'] }],
  'postgis/postgis': POSTGRES_USERS,
  'prom/alertmanager': [{ ...PROMETHEUS, volumes: ['/alertmanager'] }],
  'prom/blackbox-exporter': [{}],
  'prom/node-exporter': [PROMETHEUS],
  'prom/prometheus': [{ ...PROMETHEUS, volumes: ['/prometheus'] }],
  'prom/pushgateway': [{ user: '65534' }],
  'timescale/timescaledb': [{ users: { postgres: [70, 70] } }],
  'valkey/valkey': [
    { tags: ALPINE, users: { valkey: [999, 1000] } },
    { users: { valkey: [999, 999] } },
    { volumes: ['/data'] },
  ],
}

/** The same images at the registry of their publisher. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'docker.elastic.co/elasticsearch/elasticsearch': 'library/elasticsearch',
  'docker.elastic.co/kibana/kibana': 'library/kibana',
  'docker.elastic.co/logstash/logstash': 'library/logstash',
  'quay.io/keycloak/keycloak': 'keycloak/keycloak',
  'quay.io/minio/minio': 'minio/minio',
  'quay.io/prometheus/alertmanager': 'prom/alertmanager',
  'quay.io/prometheus/node-exporter': 'prom/node-exporter',
  'quay.io/prometheus/prometheus': 'prom/prometheus',
}

/** The system user that all of these images have. */
const NOBODY = { uid: 65534, gid: 65534 }

/**
 * The facts of a well-known image that could not be read, marked with `from`; undefined for other images and tags, and for an image
 * that is named by its digest alone. The table has no health check: the official images declare none.
 */
export function wellKnownFacts(image: string): ImageFacts | undefined {
  const { host = '', repository = '', tag } = parseImageReference(image) ?? {}
  const name =
    host === 'docker.io' ? repository : (ownValue(ELSEWHERE, `${host}/${repository}`) ?? '')
  if (tag === undefined || !Object.hasOwn(TABLE, name)) return undefined
  const rows = (TABLE[name] ?? []).filter(({ tags }) => tags?.test(tag) ?? true)
  if (rows.length === 0) return undefined
  const first = <K extends keyof Row>(key: K) => rows.find((row) => row[key] !== undefined)?.[key]
  const users = Object.entries(first('users') ?? {})
  const user = first('user')
  const volumes = first('volumes')
  return {
    from: 'table',
    ...(user === undefined ? {} : { user }),
    ...(volumes === undefined ? {} : { volumes: [...volumes] }),
    accounts: {
      users: {
        ...Object.fromEntries(users.map(([name, [uid, gid]]) => [name, { uid, gid }])),
        nobody: NOBODY,
      },
      groups: Object.fromEntries(
        users.flatMap(([name, [, gid]]) => (gid === 0 ? [] : [[name, gid]])),
      ),
    },
  }
}
