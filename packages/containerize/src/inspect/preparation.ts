import type { Scan } from './scan.ts'

/** What a release needs before its first start, which it does not have, as commands that make it. */
export interface NeededPreparation {
  because: string
  /** What a user has to know of the commands. */
  note?: string
  prepare: readonly string[]
  /** The start script with its arguments, which may be one that the commands make. */
  start: string
  /** Packages that scripts need which are not in the tarball. */
  packages: readonly string[]
}

type Known = (files: Scan['files']) => NeededPreparation | undefined

/** https://activemq.apache.org/components/artemis/documentation/latest/using-server.html */
const artemis: Known = (files) =>
  files.has('bin/artemis') && files.has('lib/artemis-boot.jar') && !files.has('etc/artemis.profile')
    ? {
        because: 'bin/artemis runs an instance, which is made first',
        // Without a console for localhost only, and without measuring the disk of the machine that builds the image.
        prepare: [
          'bin/artemis create instance --silent --no-autotune --http-host 0.0.0.0 --require-login --user admin --password "$(head -c 18 /dev/urandom | base64)"',
        ],
        note: 'The password is random and not shown: mount a secret over instance/etc/artemis-users.properties to have one of your own.',
        start: 'instance/bin/artemis-service start',
        packages: ['procps'],
      }
    : undefined

/** https://zookeeper.apache.org/doc/current/zookeeperStarted.html */
const zookeeper: Known = (files) =>
  files.has('bin/zkServer.sh') && files.has('conf/zoo_sample.cfg') && !files.has('conf/zoo.cfg')
    ? {
        because: 'bin/zkServer.sh reads conf/zoo.cfg, of which the release has conf/zoo_sample.cfg',
        prepare: ['cp conf/zoo_sample.cfg conf/zoo.cfg'],
        start: 'bin/zkServer.sh start',
        packages: [],
      }
    : undefined

/** https://kafka.apache.org/documentation/#kraft_storage */
const kafka: Known = (files) => {
  const settings = 'config/kraft/server.properties'
  return files.has('bin/kafka-storage.sh') &&
    files.has('bin/kafka-server-start.sh') &&
    files.has(settings)
    ? {
        because: 'bin/kafka-server-start.sh needs a formatted directory',
        note: 'The members of a cluster have the same id, in place of a random one.',
        prepare: [
          `bin/kafka-storage.sh format --cluster-id "$(bin/kafka-storage.sh random-uuid)" --config ${settings}`,
        ],
        start: `bin/kafka-server-start.sh ${settings}`,
        packages: [],
      }
    : undefined
}

const KNOWN: readonly Known[] = [artemis, zookeeper, kafka]

/** What a known distribution needs before its first start, recognised by its files. */
export function neededPreparation({ files }: Pick<Scan, 'files'>): NeededPreparation | undefined {
  for (const known of KNOWN) {
    const found = known(files)
    if (found !== undefined) return found
  }
  return undefined
}
