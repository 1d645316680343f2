/** What a path of a container says about what a program has there. */
export type Place = 'state' | 'config' | 'static' | 'unknown'

/** Words for directories in which programs keep what they write. */
const STATE =
  'data|datadir|dataset|pgdata|db|dbs|database|databases|storage|uploads?|backups?|dumps?|logs?|cache|state|mysql|mariadb|postgres|postgresql|mongodb|redis|downloads?|torrents?|watch|consume|export|repositories|repos|workspace|wallets?|snapshots?|wal|queue|spool|sessions?'

/** Words for directories at the top of a container that hold what a person puts there and programs add to. */
const LIBRARY =
  'config|media|library|movies|tv|music|photos|books|comics|audiobooks|podcasts|roms|games|files|share|mnt|mount|out|output|world|vaults?'

const CONFIG =
  'conf|cfg|configs?|configurations?|settings|templates?|provisioning|dashboards?|datasources|scripts?|rules|policies|pipelines?|imports?|init|initdb|entrypoints?|themes?|locales?|realms?|schemas?|migrations?|certs?|ssl|tls|keys|secrets?|hooks?|sites|sites-available|sites-enabled|vhosts?|snippets|includes?|plugins?|extensions?|patches|fixtures|sql|bin'

/** Directories below /etc that hold what a program wrote. */
const STATE_IN_ETC =
  /^\/etc\/(letsencrypt|wireguard|openvpn|pihole|gitlab|x-ui|netbird|headplane|crowdsec\/data)(\/|$)/

const IN_CONFIG =
  /^\/(usr\/(local\/)?(share\/[^/]+\/)?|opt\/[^/]+\/)?etc(\/|$)|^\/(docker-entrypoint|conf(igs?)?\.d|conf$|conf\/)|(initdb|conf|conf-enabled|init|cont-init|services?|modules|sudoers|cron|profile)\.d(\/|$)|\/docker-entrypoint-[^/]+/

const STATIC =
  /^\/(usr\/share\/(nginx\/html|caddy)|usr\/local\/apache2\/htdocs|www|site|html)(\/|$)/

const AT_STATE = new RegExp(
  `^/(var/(lib|log|cache|spool|mail|vmail|opt|backups|atlassian|jenkins_home|vcap)|root|home/[^/]+|bitnami|${STATE}|${LIBRARY})(/|$)`,
  'i',
)
const STATE_NAME = new RegExp(`/(${STATE})$`, 'i')
const CONFIG_NAME = new RegExp(`/[^/]+/([^/]*[-_.])?(${CONFIG})$`, 'i')
const CONFIG_SOURCE = new RegExp(`(^|/)\\.?(${CONFIG}|config|etc)(/|$)`, 'i')
/** Names of what people make and programs make as well. */
const OF_BOTH = /^\.?(certs?|ssl|tls|keys|secrets?)$/i
const STATE_SOURCE = new RegExp(`(^|/)\\.?(${STATE}|volumes?)(/|$)`, 'i')

/** What the path says at which a directory is mounted. */
export function placeOf(target: string): Place {
  if (STATE_IN_ETC.test(target)) return 'state'
  if (IN_CONFIG.test(target)) return 'config'
  if (CONFIG_NAME.test(target) && !/^\/(root|home)\//.test(target)) return 'config'
  if (STATIC.test(target)) return 'static'
  if (AT_STATE.test(target) || STATE_NAME.test(target)) return 'state'
  return 'unknown'
}

/** Whether the last name is one of what people make and programs make as well: certificates, keys. */
export function isOfBoth(path: string): boolean {
  return OF_BOTH.test(path.slice(path.lastIndexOf('/') + 1))
}

/** A directory in which a program expects the files of its configuration. */
export function isEtc(target: string): boolean {
  return IN_CONFIG.test(target) && !STATE_IN_ETC.test(target)
}

/** Directories that entry points read pieces of configuration from and never write. */
export function isDropIn(target: string): boolean {
  return /^\/docker-entrypoint|(initdb|conf|cont-init|init)\.d(\/|$)/.test(target)
}

/** What the path in the project says; `path` is relative to the project. */
export function placeOfSource(path: string): 'state' | 'config' | 'unknown' {
  const ofPeople = path.split('/').filter((name) => !OF_BOTH.test(name))
  if (CONFIG_SOURCE.test(ofPeople.join('/'))) return 'config'
  if (STATE_SOURCE.test(path)) return 'state'
  return CONFIG_SOURCE.test(path) ? 'config' : 'unknown'
}
