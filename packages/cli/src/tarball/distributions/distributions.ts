/** A release that is started as it is. */
export interface Distribution {
  name: string
  /** Its address, or a file. */
  tarball: string
  /** Omitted: that of the file that is had. */
  checksum?: string
  start: string
  port: number
  /** What HTTP answers; omitted: the port accepts connections. */
  status?: number
  /** In the log of the container. */
  log: RegExp
  /** What the image sets. */
  env?: Readonly<Record<string, string>>
  /** Commands that run once, when the image is built. */
  prepare?: readonly string[]
}

const CENTRAL = 'https://repo1.maven.org/maven2'
const APACHE = 'https://archive.apache.org/dist'

/** ZooKeeper and Kafka are not on Maven Central: LANDFALL_ZOOKEEPER and LANDFALL_KAFKA name files in their place. */
export const distributions: readonly Distribution[] = [
  {
    name: 'tomcat',
    tarball: `${CENTRAL}/org/apache/tomcat/tomcat/9.0.93/tomcat-9.0.93.tar.gz`,
    checksum:
      'sha512:3069924eb7041ccc0f2aeceb7d8626793a1a073a5b739a840d7974a18ebeb26cc3374cc5f4a3ffc74d3b019c0cb33e3d1fe96296e6663ac75a73c1171811726d',
    start: 'bin/startup.sh',
    port: 8080,
    status: 200,
    log: /Server startup in/,
  },
  {
    name: 'activemq',
    tarball: `${CENTRAL}/org/apache/activemq/apache-activemq/5.18.3/apache-activemq-5.18.3-bin.tar.gz`,
    checksum:
      'sha512:61abc4a08b9e1db6a5b1062bb1c839171e93bcb571817fd81744dd19874d713840bba99c7979d45bcb832d13ea01986b76fb11720f5ec63a0283e7d1934a33cc',
    start: 'bin/activemq start',
    port: 61616,
    log: /Apache ActiveMQ 5\.18\.3 .* started/,
  },
  {
    name: 'karaf',
    tarball: `${CENTRAL}/org/apache/karaf/apache-karaf/4.4.5/apache-karaf-4.4.5.tar.gz`,
    checksum:
      'sha512:d138a2135f3c2b3f8212e4694730cfae6bfdd45d58a8ee779b40639eee032acd33ec58c50b9e3d894653eb2700b4a360884149b6722acd27f2a01ce93c8314d1',
    start: 'bin/start',
    port: 8101,
    log: /INFO .*karaf/i,
    env: { LANDFALL_LOGS: 'auto' },
  },
  {
    name: 'jetty',
    tarball: `${CENTRAL}/org/eclipse/jetty/jetty-distribution/9.4.53.v20231009/jetty-distribution-9.4.53.v20231009.tar.gz`,
    checksum:
      'sha512:8e444cc97a89f481f057e2d1d63dc4dbafedf4437ce23cff441ca27ca26a8ab2f39e012b206582e4b6138b71d205b73a03978f88d1d2147abb11efd199508f20',
    start: 'bin/jetty.sh start',
    port: 8080,
    status: 404,
    log: /Server:.*Started @/,
  },
  {
    name: 'artemis',
    tarball: `${CENTRAL}/org/apache/activemq/apache-artemis/2.31.2/apache-artemis-2.31.2-bin.tar.gz`,
    checksum:
      'sha512:b1f2a9fc245db400982bed0fd8df0f5b1c25a42aa7170bda7b02e37ea92d1f59fd4a290bd18e3b47f68735a0524cfc239db2a01838927c33a0fb654cacf8f095',
    start: 'instance/bin/artemis-service start',
    port: 61616,
    log: /Server is now (live|active)/,
    prepare: [
      'bin/artemis create instance --silent --no-autotune --http-host 0.0.0.0 --require-login --user admin --password "$(head -c 18 /dev/urandom | base64)"',
    ],
  },
  {
    name: 'zookeeper',
    tarball:
      process.env.LANDFALL_ZOOKEEPER ??
      `${APACHE}/zookeeper/zookeeper-3.9.3/apache-zookeeper-3.9.3-bin.tar.gz`,
    start: 'bin/zkServer.sh start',
    port: 2181,
    log: /binding to port/,
    prepare: ['cp conf/zoo_sample.cfg conf/zoo.cfg'],
  },
  {
    name: 'kafka',
    tarball: process.env.LANDFALL_KAFKA ?? `${APACHE}/kafka/3.9.1/kafka_2.13-3.9.1.tgz`,
    start: 'bin/kafka-server-start.sh -daemon config/kraft/server.properties',
    port: 9092,
    log: /Kafka Server started/,
    prepare: [
      'bin/kafka-storage.sh format --cluster-id MkU3OEVBNTcwNTJENDM2Qk --config config/kraft/server.properties',
    ],
  },
]
