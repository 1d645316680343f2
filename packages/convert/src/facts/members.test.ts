import { expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'

/** The clusters of a project: the names of those that are reached as pods, by the reason. */
function clustersOf(services: string): string[] {
  const { plan } = convert(`services:\n${services.replace(/^/gm, '  ')}`, {
    files: {
      '/shop/zoo.cfg': 'dataDir=/data\nserver.1=zoo1:2888:3888\nserver.2=zoo2:2888:3888\n',
      '/shop/es.yml': 'cluster.name: es\ndiscovery.seed_hosts:\n  - es1\n  - es2\n',
      '/shop/ch.xml':
        '<remote_servers><c><shard><replica><host>ch1</host></replica><replica><host>ch2</host></replica></shard></c></remote_servers>',
      '/shop/init.js':
        'rs.initiate({ _id: "rs0", members: [\n  { host: "m1" },\n  { host: "m2" },\n] })',
      '/shop/proxy.conf': 'upstream web {\n  server web1:80;\n  server web2:80;\n}\n',
    },
  })
  const members = plan.services.filter(({ reach }) => reach.mode === 'pods')
  return members.map(({ service }) => service)
}

test.each([
  [
    'ZooKeeper, by a variable',
    `zoo1: { image: zk, environment: { ZOO_SERVERS: &s "server.1=zoo1:2888:3888;2181 server.2=zoo2:2888:3888;2181" } }
zoo2: { image: zk, environment: { ZOO_SERVERS: *s } }`,
  ],
  [
    'ZooKeeper, by a file',
    `zoo1: { image: zk, volumes: &v ["./zoo.cfg:/conf/zoo.cfg:ro"] }
zoo2: { image: zk, volumes: *v }`,
  ],
  [
    'Redis Cluster, made by a one-shot',
    `r1: { image: "redis:7", command: redis-server /conf/r1.conf --cluster-enabled yes }
r2: { image: "redis:7", command: redis-server /conf/r2.conf --cluster-enabled yes }
init: { image: "redis:7.2", command: redis-cli --cluster create r1:6379 r2:6379 --cluster-yes }`,
  ],
  [
    'Redis Cluster, joined by a tool of another image',
    `r1: { image: "redis:7" }
r2: { image: "redis:7" }
init: { image: tools, command: [sh, -c, "redis-cli -h r1 cluster meet r2 6379"] }`,
  ],
  [
    'Cassandra',
    `c1: { image: cassandra }
c2: { image: cassandra, environment: { CASSANDRA_SEEDS: c1 } }`,
  ],
  [
    'Elasticsearch, by variables',
    `es1: { image: es, environment: ["discovery.seed_hosts=es2"] }
es2: { image: es, environment: ["discovery.seed_hosts=es1"] }`,
  ],
  [
    'Elasticsearch, by a file',
    `es1: { image: es, volumes: &v ["./es.yml:/es.yml:ro"] }
es2: { image: es, volumes: *v }`,
  ],
  [
    'ClickHouse',
    `ch1: { image: ch, volumes: &v ["./ch.xml:/ch.xml:ro"] }
ch2: { image: ch, volumes: *v }`,
  ],
  [
    'etcd',
    `e1: { image: etcd, command: [etcd, --initial-cluster, "e1=http://e1:2380,e2=http://e2:2380"] }
e2: { image: etcd, command: [etcd, --initial-cluster, "e1=http://e1:2380,e2=http://e2:2380"] }`,
  ],
  [
    'Consul',
    `c1: { image: consul, command: consul agent -server -node=c1 }
c2: { image: consul, command: consul agent -server -node=c2 -retry-join=c1 }`,
  ],
  [
    'Kafka, KRaft',
    `k1: { image: kafka, environment: { KAFKA_CONTROLLER_QUORUM_VOTERS: &v "1@k1:9093,2@k2:9093" } }
k2: { image: kafka, environment: { KAFKA_CONTROLLER_QUORUM_VOTERS: *v } }`,
  ],
  [
    'Galera',
    `g1: { image: mariadb, command: mariadbd --wsrep_cluster_address=gcomm:// }
g2: { image: mariadb, command: "mariadbd --wsrep_cluster_address=gcomm://g1,g2" }`,
  ],
  [
    'RabbitMQ',
    `q1: { image: rabbitmq }
q2: { image: rabbitmq, environment: { CLUSTER_WITH: rabbit@q1 } }`,
  ],
  [
    'JGroups',
    `kc1: { image: kc, environment: { JAVA_OPTS: &o "-Djgroups.tcpping.initial_hosts=kc1[7800],kc2[7800]" } }
kc2: { image: kc, environment: { JAVA_OPTS: *o } }`,
  ],
  [
    'MinIO, by a range',
    `minio1: { image: minio, command: "server http://minio{1...2}/data" }
minio2: { image: minio, command: "server http://minio{1...2}/data" }`,
  ],
  [
    'MongoDB, by a file of an init service',
    `m1: { image: mongo, command: mongod --replSet rs0 }
m2: { image: mongo, command: mongod --replSet rs0 }
rs-init: { image: mongo, command: mongosh --host m1 /init.js, volumes: ["./init.js:/init.js:ro"] }`,
  ],
  [
    'MongoDB, by the health test of one',
    `m1: { image: mongo, healthcheck: { test: "echo 'rs.initiate({members:[{host:\\"m1\\"},{host:\\"m2\\"}]})' | mongosh" } }
m2: { image: mongo }`,
  ],
  [
    'images that are built',
    `n1: { build: ./n, environment: { PEERS: "n1,n2" } }
n2: { build: ./n, environment: { PEERS: "n1,n2" } }`,
  ],
  [
    'scripts',
    `n1: { image: n, command: [sh, -c, "sleep 1; exec node-server --join n2"] }
n2: { image: n, command: [sh, -c, "sleep 2; exec node-server --join n1"] }`,
  ],
])('%s: members', (_, services) => {
  const all = [...services.matchAll(/^(\w+\d):/gm)].map(([, name]) => name)
  expect(all.length).toBe(2)
  expect(clustersOf(services)).toEqual(all)
})

test.each([
  [
    'two of one image that share an address of a third',
    `web: { image: app, expose: ["8000"] }
a: { image: app, environment: { API_URL: "http://web:8000" } }
b: { image: app, environment: { API_URL: "http://web:8000" } }`,
  ],
  [
    'behind a proxy of another image, which resolves names once',
    `web1: { image: app }
web2: { image: app }
proxy: { image: nginx, volumes: ["./proxy.conf:/etc/nginx/nginx.conf:ro"] }`,
  ],
  [
    'hosts that are let in',
    `web1: { image: app, environment: { ALLOWED_HOSTS: "web1,web2", NO_PROXY: "web1,web2" } }
web2: { image: app, environment: { ALLOWED_HOSTS: "web1,web2", NO_PROXY: "web1,web2" } }`,
  ],
  [
    'other programs of one image',
    `web: { image: app, command: node web.js }
job: { image: app, command: node worker.js, environment: { PEERS: "web" } }`,
  ],
  [
    'two databases of which a service of the same image asks one after the other',
    `db1: { image: postgres }
db2: { image: postgres }
backup: { image: postgres, command: [sh, -c, "pg_dump -h db1 x > a; pg_dump -h db2 x > b"] }`,
  ],
  ['a single one', 'es1: { image: es, environment: ["discovery.seed_hosts=es1"] }'],
  [
    'other images',
    `a: { image: x, environment: { PEERS: b } }
b: { image: y, environment: { PEERS: a } }`,
  ],
  [
    'names that hold a word of clusters',
    `peer1: { image: app }
peer2: { image: app, environment: { CORE_URL: "http://peer1:80" } }`,
  ],
])('%s: no members', (_, services) => {
  expect(clustersOf(services)).toEqual([])
})

test('copies that look for each other by the name of their service are members', () => {
  expect(clustersOf('node: { image: n, scale: 3, environment: { SEEDS: node } }')).toEqual(['node'])
})
