import { Buffer } from 'node:buffer'
import { join } from 'node:path/posix'
import type { Service } from '@landfall/compose'
import { parseImageReference } from '@landfall/image'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type Because, causes } from '../../plan/because.ts'
import { connectsTo } from '../names/connects-to.ts'
import { type Life, lifeOf } from './ends-by-itself.ts'
import { keepsRestarting, restartOf } from './restart.ts'

/** What the project shows of whether a program does its work once, where nothing declares it. */
export interface OneShotEvidence {
  /** Enough shows that the program ends. */
  once: boolean
  /** What suggests it, the strongest first. */
  signs: Because[]
}

interface Sign {
  points: number
  because: Because
  /** About the work itself, not only about what is around it. */
  ofWork?: true
}

const because = causes('one-shot', {
  lock: 'landfall.lock: it ended with exit code 0 under `landfall up`',
  'command-ends': 'its command ends by itself',
  'command-works': 'its command names one-time work',
  'command-prepares': 'its command names a preparation',
  name: 'its name suggests one-time work',
  image: 'its image is that of a command-line tool',
  'no-policy': 'it has no restart policy, unlike others',
  policy: 'its restart policy is <restart>, unlike that of others',
  'never-restarts': 'its restart policy is no',
  sibling: 'it runs the image of <service> with another command',
})

/** Points from which a program counts as one that does its work once; one sign at least must be of the work. */
const ENOUGH = 3

/** Names of services that do their work once, and last words that deny it: `web-init`, `init-web`. */
const NAME =
  /(^|[-_.])(init|initiali[sz]er?|initdb|dbinit|migrat\w*|seed|seeder|seeding|setup|create\w*|provision\w*)([-_.\d]|$)/i
const SERVER_NAME =
  /(^|[-_.])(server|worker|scheduler|beat|proxy|watcher|daemon|consumer|listener|agent|web|ui|api|nodes?|peers?)[-_.\d]*$/i

/** Images of tools that do what they are told and end. */
const TOOL_IMAGE = /(^|[-_/])(\w*migrat(e|or|ion|ions)|flyway|liquibase|dbmate|goose|mc)$/i

/** Images whose own command serves. */
const SERVER_IMAGE =
  /(^|\/)(nginx|httpd|caddy|traefik|haproxy|envoy|redis|valkey|keydb|memcached|postgres|postgis|mysql|mariadb|percona|mongo|cassandra|scylla|couchdb|neo4j|clickhouse-server|influxdb|elasticsearch|opensearch|kibana|logstash|rabbitmq|kafka|cp-kafka|zookeeper|nats|mosquitto|emqx|consul|vault|etcd|minio|grafana|prometheus|loki|registry|keycloak|wordpress|nextcloud|ghost|gitea|jenkins|tomcat|php|mailhog|adminer|phpmyadmin|pgadmin4)$/i

/** Labels with which a reverse proxy finds what serves. */
const PROXY_LABEL = /^(traefik\.(enable|http|tcp|udp)|caddy(_\d+)?$|virtual\.host)/i

/** Bytes; a larger file is no script. */
const LARGEST_SCRIPT = 256 * 1024

/**
 * Weighs what the project shows. Exit code 0 is final under Compose unless the policy is `always` or `unless-stopped`;
 * what remains to be seen is whether the program ends.
 * https://docs.docker.com/reference/compose-file/services/#restart
 */
export function oneShotEvidence(
  conversion: Conversion,
  service: ServiceConversion,
): OneShotEvidence {
  const { compose, service: name } = service
  if (keepsRestarting(restartOf(compose))) return { once: false, signs: [] }
  if (conversion.oneShots?.has(name) === true) return { once: true, signs: [because('lock')] }
  const life = lifeOfService(conversion, service)
  const signs = [
    ofCommand(life),
    ofName(name),
    ofImage(service),
    ofRestart(conversion, service),
    ofSibling(conversion, service),
  ].filter((sign) => sign !== undefined)
  const ofWork = signs.some((sign) => sign.ofWork === true)
  // What others connect to stands in files, which are read for candidates alone.
  if (!ofWork || isServer(conversion, service, life)) return { once: false, signs: [] }
  const deciding = decidingOf(signs)
  return { once: deciding !== undefined, signs: (deciding ?? signs).map((sign) => sign.because) }
}

/** The strongest signs that are enough together, or undefined where all of them are not. */
function decidingOf(signs: readonly Sign[]): Sign[] | undefined {
  const strongest = signs.toSorted((a, b) => b.points - a.points)
  let points = 0
  for (const [index, sign] of strongest.entries()) {
    points += sign.points
    const enough = strongest.slice(0, index + 1)
    if (points >= ENOUGH && enough.some(({ ofWork }) => ofWork === true)) return enough
  }
  return undefined
}

/** Whatever others connect to, and what says that it runs on. */
function isServer(
  conversion: Conversion,
  service: ServiceConversion,
  life: Life | undefined,
): boolean {
  const { compose, settings, image } = service
  const own = isOwnCommand(compose)
  const tested = compose.healthcheck?.test !== undefined && compose.healthcheck.disable !== true
  return (
    life === 'serves' ||
    (compose.ports ?? []).length > 0 ||
    (compose.expose ?? []).length > 0 ||
    [settings.ports, settings.ready, settings.alive, settings.expose].some(
      (s) => s !== undefined,
    ) ||
    (tested && life !== 'ends') ||
    (!own && ((image.facts.ports ?? []).length > 0 || isServerImage(compose))) ||
    settings.scale !== undefined ||
    Math.max(compose.scale ?? 1, Number(compose.deploy?.replicas ?? 1), settings.replicas ?? 1) >
      1 ||
    Object.keys(compose.labels ?? {}).some((label) => PROXY_LABEL.test(label)) ||
    conversion.services.some(
      (other) =>
        other !== service &&
        ((life !== 'ends' && joins(other, service)) || connectsTo(conversion, other, service)),
    )
  )
}

/** The program is the image's own, not one that the project names. */
function isOwnCommand({ command, entrypoint }: Service): boolean {
  return (command ?? []).length > 0 || (entrypoint ?? []).length > 0
}

function isServerImage({ image = '' }: Service): boolean {
  return SERVER_IMAGE.test(repositoryOf(image))
}

function repositoryOf(image: string): string {
  return parseImageReference(image)?.repository ?? ''
}

/** Runs in the network, with the processes or the memory of another. */
function joins(
  { compose }: ServiceConversion,
  { service, compose: of }: ServiceConversion,
): boolean {
  return [compose.network_mode, compose.pid, compose.ipc].some(
    (mode) =>
      mode === `service:${service}` ||
      (of.container_name !== undefined && mode === `container:${of.container_name}`),
  )
}

/** What the command says that runs: the project's, else the image's; an entrypoint of the project drops the image's command. */
function lifeOfService(
  conversion: Conversion,
  { compose, image }: ServiceConversion,
): Life | undefined {
  const entrypoint = compose.entrypoint ?? image.facts.entrypoint ?? []
  const ofImage = compose.entrypoint == null ? image.facts.command : undefined
  const words = [...entrypoint, ...(compose.command ?? ofImage ?? [])]
  return lifeOf(words, (path) => mountedScript(conversion, compose, path))
}

/** The text of a script that the project mounts at a path of the container. */
function mountedScript({ files }: Conversion, { volumes = [] }: Service, path: string) {
  for (const { type, source, target } of volumes) {
    if (type !== 'bind' || source === undefined) continue
    const inside =
      path === target ? '' : path.startsWith(`${target}/`) ? path.slice(target.length) : undefined
    if (inside === undefined) continue
    const bytes = files.read(join(source, inside))
    if (bytes === undefined || bytes.length > LARGEST_SCRIPT || bytes.includes(0)) return undefined
    return Buffer.from(bytes).toString('utf8')
  }
  return undefined
}

function ofCommand(life: Life | undefined): Sign | undefined {
  if (life === 'ends') return { points: 5, because: because('command-ends'), ofWork: true }
  if (life === 'works') return { points: 3, because: because('command-works'), ofWork: true }
  return life === 'prepares'
    ? { points: 1, because: because('command-prepares'), ofWork: true }
    : undefined
}

function ofName(name: string): Sign | undefined {
  return NAME.test(name) && !SERVER_NAME.test(name)
    ? { points: 2, because: because('name'), ofWork: true }
    : undefined
}

function ofImage({ compose: { image = '' } }: ServiceConversion): Sign | undefined {
  return TOOL_IMAGE.test(repositoryOf(image))
    ? { points: 2, because: because('image'), ofWork: true }
    : undefined
}

/** A policy that stays down after exit 0 says something where the other services have one that does not. */
function ofRestart({ services }: Conversion, service: ServiceConversion): Sign | undefined {
  const restart = restartOf(service.compose)
  const kept = keptAmong(services) - (keepsRestarting(restart) ? 1 : 0)
  const differs = kept > 0 && kept * 2 >= services.length - 1
  if (restart === undefined)
    return differs ? { points: 1, because: because('no-policy') } : undefined
  if (differs) return { points: 2, because: because('policy', { restart }) }
  return restart === 'no' ? { points: 1, because: because('never-restarts') } : undefined
}

const counted = new WeakMap<readonly ServiceConversion[], number>()

/** How many services are started again whenever they end. */
function keptAmong(services: readonly ServiceConversion[]): number {
  const known =
    counted.get(services) ??
    services.filter(({ compose }) => keepsRestarting(restartOf(compose))).length
  counted.set(services, known)
  return known
}

/** The image of another service, with a command of its own. */
function ofSibling({ services }: Conversion, service: ServiceConversion): Sign | undefined {
  const { compose } = service
  if (!isOwnCommand(compose)) return undefined
  const image = imageOf(compose)
  const sibling = services.find(
    (other) =>
      other !== service &&
      imageOf(other.compose) === image &&
      JSON.stringify([other.compose.entrypoint, other.compose.command]) !==
        JSON.stringify([compose.entrypoint, compose.command]),
  )
  return sibling === undefined
    ? undefined
    : { points: 1, because: because('sibling', { service: sibling.service }) }
}

function imageOf({ image, build }: Service): string {
  return image ?? JSON.stringify(build)
}
