import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { assetDirectory } from '../cache/assets.ts'
import { unpackDebianPackages } from '../cache/debian.ts'
import { type NetworkTools, networkTools } from '../cache/network-tools.ts'
import type { Progress } from '../contract.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { type RunOptions, run } from '../host/run.ts'
import { writeWhole } from '../host/write-whole.ts'
import type { CatalogImage } from '../images/catalog.ts'
import { isolation } from '../images/isolation.ts'
import type { OpenSuite } from '../images/suite.ts'
import { certificatesInImage, clientSettings } from './client-settings.ts'

/** A builder that needs no daemon: Debian's buildah and runc from the cache, with a storage of its own there. */
export interface Buildah {
  directory: string
  unpacked: string
  /** The options that every command of it takes. */
  environment: Record<string, string>
  tools: NetworkTools
}

/** The registries of buildah's configuration, as `host:port`. */
export interface BuildahRegistries {
  /** Tried for Docker Hub's images before Docker Hub. They use plain http, too. */
  mirrors: readonly string[]
  plainHttp: readonly string[]
}

/** Unpacks buildah into the cache and resolves with the root directory of its packages. */
export function unpackBuildah(cacheDirectory: string, progress: Progress): Promise<string> {
  return unpackDebianPackages(['buildah', 'runc'], cacheDirectory, progress, {
    closure: 'libraries',
  })
}

/** Makes buildah ready to build with these registries. */
export async function openBuildah(
  cacheDirectory: string,
  registries: BuildahRegistries,
  progress: Progress,
): Promise<Buildah> {
  const unpacked = await unpackBuildah(cacheDirectory, progress)
  const tools = await networkTools(cacheDirectory, progress)
  const directory = join(cacheDirectory, 'builder')
  keepPrivate(cacheDirectory, directory, join(directory, 'storage'))
  const hosts = [...registries.mirrors, ...registries.plainHttp]
  const settings = `settings-${hosts.join('-').replaceAll(/[^\w.-]/g, '.')}`
  mkdirSync(join(directory, settings), { recursive: true })
  const write = (name: string, content: string) => {
    const file = join(directory, settings, name)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== content)
      writeWhole(file, content, undefined, 'unflushed')
    return file
  }
  write('policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}\n')
  return {
    directory: join(directory, settings),
    unpacked,
    tools,
    environment: {
      UNPACKED: unpacked,
      CONTAINERS_REGISTRIES_CONF: write('registries.conf', registriesConfiguration(registries)),
      CONTAINERS_STORAGE_CONF: write('storage.conf', storageConfiguration(directory)),
      // systemd is not needed to make a control group, and not on every machine.
      CONTAINERS_CONF: write('containers.conf', '[engine]\ncgroup_manager = "cgroupfs"\n'),
    },
  }
}

/** Runs a command of buildah in namespaces of its own and resolves with its standard output; throws CommandFailed. */
export function runBuildah(
  { directory, environment }: Buildah,
  [command = '', ...args]: readonly string[],
  options: RunOptions & { network?: string } = {},
): Promise<string> {
  const { network, env, ...others } = options
  const wrapped = [
    ...(network === undefined ? [] : ['nsenter', `--net=/run/netns/${network}`]),
    ...[isolation.program, ...isolation.options, '--mount-proc'],
    join(assetDirectory('images'), 'assembly/buildah.sh'),
    ...[command, '--signature-policy', join(directory, 'policy.json'), ...args],
  ]
  const [program = '', ...rest] = wrapped
  return run(program, rest, { ...others, env: { ...environment, ...env } })
}

/**
 * The options of `bud` that separate RUN steps from the machine: runc with a minimal /dev, a device control group, seccomp,
 * Docker's capabilities without MKNOD, and the network namespace of that name.
 */
export function isolationOptions({ unpacked }: Buildah, network: string): string[] {
  return [
    ...['--isolation', 'oci', '--runtime', join(unpacked, 'usr/sbin/runc')],
    ...['--cap-drop', 'CAP_MKNOD', '--network', `ns:/run/netns/${network}`],
  ]
}

/**
 * The `--volume` options that let RUN steps on package images reach package registries from this machine. Each covers a file
 * that an image has, so that nothing of it stays in what is built; where another stage's image lacks it, an empty file does.
 */
export async function packageManagerVolumes(
  { directory }: Buildah,
  bases: readonly CatalogImage[],
  suite: OpenSuite | undefined,
): Promise<string[]> {
  const settings = clientSettings(await machineSettings())
  const npmrc = join(directory, 'npmrc')
  const pip = join(directory, 'pip.conf')
  writeWhole(npmrc, settings.npmrc, undefined, 'unflushed')
  writeWhole(pip, settings.pip, undefined, 'unflushed')
  const inSomeBase = (place: string) =>
    bases.some(({ directory: folder }) => existsSync(join(folder, 'root', place)))
  const covered: [file: string, place: string][] = [
    [npmrc, '/usr/local/etc/npmrc'],
    [pip, '/etc/pip.conf'],
  ]
  const volumes = covered.filter(([, place]) => inSomeBase(place))
  const certificates = machineCertificates.find((file) => file !== undefined && existsSync(file))
  if (certificates !== undefined) volumes.push([certificates, certificatesInImage])
  if (suite !== undefined) {
    const sources = join(suite.directory, 'etc/debian.sources')
    volumes.push([sources, '/etc/apt/sources.list.d/debian.sources'])
  }
  return volumes.flatMap(([file, place]) => ['--volume', `${file}:${place}:ro`])
}

/** What of this machine's configuration package managers need. */
async function machineSettings(): Promise<Parameters<typeof clientSettings>[0]> {
  const pipFiles = [
    '/etc/pip.conf',
    join(homedir(), '.config/pip/pip.conf'),
    join(homedir(), '.pip/pip.conf'),
  ]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
  return { npmRegistry: await npmRegistry(), pipFiles, environment: process.env }
}

/** The URLs of the package registries, mirrors and proxies that this machine is configured with. */
export async function configuredPlaces(suites: readonly string[]): Promise<string[]> {
  const settings = clientSettings(await machineSettings())
  const proxies = [
    'http_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'all_proxy',
    'ALL_PROXY',
  ]
  const texts = [settings.npmrc, settings.pip, ...suites]
  return [
    ...texts.flatMap((text) => text.match(/\bhttps?:\/\/[^\s"']+/g) ?? []),
    ...proxies.flatMap((name) => process.env[name] || []),
  ]
}

/** Where distributions keep the certificates that a machine trusts, in one file. */
const machineCertificates = [
  process.env.SSL_CERT_FILE,
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
]

async function npmRegistry(): Promise<string | undefined> {
  try {
    const printed = (await run('npm', ['config', 'get', 'registry'])).trim()
    return printed === '' || printed === 'undefined' ? undefined : printed
  } catch {
    return undefined
  }
}

function registriesConfiguration({ mirrors, plainHttp }: BuildahRegistries): string {
  const plain = (location: string) => `location = "${location}"\ninsecure = true\n`
  return [
    'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n',
    '[[registry]]\nlocation = "docker.io"\n',
    ...mirrors.map((location) => `[[registry.mirror]]\n${plain(location)}`),
    ...[...mirrors, ...plainHttp].map((location) => `[[registry]]\n${plain(location)}`),
  ].join('\n')
}

/** An overlay over an overlay is refused by the kernel; copies are slower and work everywhere. */
function storageConfiguration(directory: string): string {
  const overlayfs = 0x794c7630
  const driver = statfsSync(directory).type === overlayfs ? 'vfs' : 'overlay'
  return [
    '[storage]',
    `driver = "${driver}"`,
    `runroot = "${join(directory, 'run')}"`,
    `graphroot = "${join(directory, 'storage')}"`,
    '',
  ].join('\n')
}
