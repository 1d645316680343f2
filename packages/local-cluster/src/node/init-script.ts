import { join } from 'node:path'

/** One node, as its process 1 sees it. */
export interface NodeSpec {
  name: string
  /** Holds what survives a power-off: the node's own /var and /tmp. */
  disk: string
  /** Directories of the host that the node must still see, even below /var, /tmp and /run. */
  keep: readonly string[]
  /** A file that takes the place of /etc/resolv.conf. */
  resolvConf: string
  /** Written in the node's network namespace: path under /proc/sys to value. */
  sysctls: Readonly<Record<string, string>>
  /** Commands for `ip`, in the node. */
  network: readonly string[]
  /** Rules for `nft`, in the node; none if empty. */
  firewall: string
  /** Of all programs. */
  env: Readonly<Record<string, string>>
  programs: readonly NodeProgram[]
}

/** Is started when all that it waits for accepts connections, in the order of the list, and again one second after its end. */
export interface NodeProgram {
  name: string
  /** `unix:/path` or `tcp:host:port`. */
  waitFor: readonly string[]
  command: readonly string[]
  log: string
  /** It has to end with exit code 0 before the next one starts. */
  once?: boolean
}

/**
 * Directories of which the node has its own; each holds the ones of `keep` that are below it. /run is the first: of a disk below
 * /tmp, the file system in memory that is mounted there is not seen any more when /tmp is replaced.
 */
const OWN = ['/run', '/var', '/tmp']

/**
 * The script that is a node's process 1, for bash(1). It waits for a line on its standard input (the network is there then), gives the
 * node its own /var, /tmp, /run and /proc, and keeps its programs running. Nothing of its mounts is seen on the host; within the
 * node they are shared, which mount propagation into pods requires. bash collects every process that ends, those that are orphaned in the
 * node too. When the script or one of its loops ends, the node loses its power: the kernel ends what runs in it.
 */
export function initScript(spec: NodeSpec): string {
  return `${[
    `# Process 1 of ${spec.name}: written by Landfall, started with bash.`,
    'set -eu',
    `read -r plugged || { echo 'the network of the node was not connected'; exit 1; }`,
    'exec </dev/null',
    ...mounts(spec),
    `echo ${quote(spec.name)} >/proc/sys/kernel/hostname`,
    "ip -batch - <<'COMMANDS'",
    ...spec.network,
    'COMMANDS',
    ...Object.entries(spec.sysctls).map(([at, value]) => `echo ${quote(value)} >/proc/sys/${at}`),
    ...Object.entries(spec.env).map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(spec.firewall === '' ? [] : ["nft -f - <<'RULES'", spec.firewall, 'RULES']),
    SUPERVISION,
    'run() {',
    '  case $1 in',
    ...spec.programs.map(start),
    '  esac',
    '}',
    ...spec.programs.map(({ name, once }) =>
      once === true ? `until run ${name} 2>/dev/null; do again ${name} $?; done` : `keep ${name} &`,
    ),
    'wait -n || :',
    "echo 'a supervising process has ended; the node stops'",
  ].join('\n')}\n`
}

/** bash would report each program that a signal ends, with its whole command, on standard error. `await` returns when the addresses accept connections; a socket in the file system is there from then on. */
const SUPERVISION = `again() {
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $1 ended and is started again: $2"
  sleep 1
}
keep() {
  while :; do
    status=0
    run "$1" 2>/dev/null || status=$?
    again "$1" "$status"
  done
}
await() {
  for address; do
    case $address in
    unix:*) until [ -S "\${address#unix:}" ]; do sleep 0.05; done ;;
    tcp:*)
      address=\${address#tcp:}
      until timeout 1 bash -c ': <"/dev/tcp/$0/$1"' "\${address%:*}" "\${address##*:}" 2>/dev/null; do sleep 0.1; done
      ;;
    esac
  done
}`

function start({ name, waitFor, command, log }: NodeProgram): string {
  const words = command.map(quote).join(' ')
  const wait = waitFor.length === 0 ? '' : `await ${waitFor.map(quote).join(' ')}; `
  return `  ${name}) (${wait}exec ${words}) >>${quote(log)} 2>&1 ;;`
}

function mounts({ disk, keep, resolvConf }: NodeSpec): string[] {
  const own = (directory: string) => quote(join(disk, directory))
  const kept = keep.filter((path) => OWN.some((directory) => path.startsWith(`${directory}/`)))
  return [
    // Read first: the link often leads to a place below /run.
    'resolv_conf=$(readlink -f /etc/resolv.conf)',
    `mkdir -p ${OWN.map(own).join(' ')}`,
    `chmod 1777 ${own('/tmp')}`,
    `mount -t tmpfs -o mode=755 tmpfs ${own('/run')}`,
    ...kept.flatMap((path) => [
      `mkdir -p ${own(path)}`,
      `mount --bind ${quote(path)} ${own(path)}`,
    ]),
    ...OWN.map((directory) => `mount --rbind ${own(directory)} ${directory}`),
    '[ -L /var/run ] || [ -e /var/run ] || ln -s /run /var/run',
    'mount -t proc -o nosuid,nodev,noexec proc /proc',
    'mkdir -p "$(dirname "$resolv_conf")"',
    '[ -e "$resolv_conf" ] || : >"$resolv_conf"',
    `mount --bind ${quote(resolvConf)} "$resolv_conf"`,
    'mount --make-rshared /',
  ]
}

/** A word for the shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
