import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Progress } from '../contract.ts'
import { withLock } from '../host/lock.ts'
import { run } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { assetDirectory } from './assets.ts'

export const kubernetesVersion = '1.36.3'

const versionPackage = 'k8s.io/component-base/version'

interface GoProgram {
  /** What is built, for people. */
  title: string
  /** Values that the linker sets, in addition to leaving out symbols. */
  linkerValues?: Record<string, string>
  /** Other names under which the program is called. */
  links?: string[]
}

const goPrograms = {
  kube: {
    title: `Kubernetes ${kubernetesVersion}`,
    linkerValues: {
      [`${versionPackage}.gitVersion`]: `v${kubernetesVersion}`,
      [`${versionPackage}.gitMajor`]: '1',
      [`${versionPackage}.gitMinor`]: '36',
    },
    links: ['kubectl'],
  },
  coredns: { title: 'CoreDNS' },
  volumes: { title: 'the volume provisioner' },
  node: { title: 'the node program' },
  certificates: { title: 'the certificate program' },
  pause: { title: 'the pause program' },
} satisfies Record<string, GoProgram>

type ProgramName = keyof typeof goPrograms

/** The programs of Kubernetes and its store, which are one file if they are built here. */
const components = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
] as const

/** How each of them is called: the beginning of a command. */
export type Components = Record<(typeof components)[number], [string, ...string[]]>

/** Absolute paths of the programs that a cluster runs in addition to those of {@link HostTools}. */
export type Programs = Record<Exclude<ProgramName, 'kube'> | 'kubectl', string> & {
  components: Components
}

/** Builds what is not in the cache yet; throws CommandFailed with the compiler's output. */
export async function buildPrograms(cacheDirectory: string, progress: Progress): Promise<Programs> {
  const { components, kubectl } = await buildKubernetes(cacheDirectory, progress)
  const [coredns] = await buildEach(['coredns'], cacheDirectory, progress)
  const own = await buildOwnPrograms(cacheDirectory, progress)
  return { components, kubectl, coredns: coredns ?? '', ...own }
}

const ownPrograms = ['volumes', 'node', 'certificates', 'pause'] as const

/** Builds the programs of Landfall, which no release has. */
export async function buildOwnPrograms(
  cacheDirectory: string,
  progress: Progress,
): Promise<Pick<Programs, (typeof ownPrograms)[number]>> {
  const paths = await buildEach(ownPrograms, cacheDirectory, progress)
  return Object.fromEntries(ownPrograms.map((name, at) => [name, paths[at]])) as Pick<
    Programs,
    (typeof ownPrograms)[number]
  >
}

async function buildEach(
  names: readonly ProgramName[],
  cacheDirectory: string,
  progress: Progress,
): Promise<string[]> {
  const goVersion = (await run('go', ['env', 'GOVERSION'])).trim()
  const paths: string[] = []
  for (const name of names)
    paths.push(join(await buildProgram(name, goVersion, cacheDirectory, progress), name))
  return paths
}

/** Whether Kubernetes is in the cache as this machine would build it. */
export async function isKubernetesBuilt(cacheDirectory: string): Promise<boolean> {
  try {
    const goVersion = (await run('go', ['env', 'GOVERSION'])).trim()
    return existsSync(placeOf('kube', goVersion, cacheDirectory).directory)
  } catch {
    return false
  }
}

/** Builds Kubernetes alone, if it is not in the cache yet; throws CommandFailed with the compiler's words. */
export async function buildKubernetes(
  cacheDirectory: string,
  progress: Progress,
): Promise<Pick<Programs, 'components' | 'kubectl'>> {
  const [kube = ''] = await buildEach(['kube'], cacheDirectory, progress)
  const commands = components.map((name) => [name, [kube, name]])
  return {
    components: Object.fromEntries(commands) as Components,
    kubectl: join(dirname(kube), 'kubectl'),
  }
}

async function buildProgram(
  name: ProgramName,
  goVersion: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<string> {
  const { title, links = [] }: GoProgram = goPrograms[name]
  const { source, flags, directory } = placeOf(name, goVersion, cacheDirectory)
  const step = `building ${title}`
  if (existsSync(directory)) {
    progress({ step, state: 'cached' })
    return directory
  }
  const onWait = () =>
    progress({ step, state: 'progress', detail: 'another process is building it' })
  await withLock(
    `${directory}.lock`,
    async () => {
      if (existsSync(directory)) return
      await asStep(progress, step, async (report) => {
        const building = `${directory}.building`
        rmSync(building, { recursive: true, force: true })
        mkdirSync(building, { recursive: true })
        cpSync(source, join(building, 'source'), { recursive: true })
        await compile(join(building, 'source'), join(building, name), flags, report)
        for (const link of links) symlinkSync(name, join(building, link))
        rmSync(join(building, 'source'), { recursive: true })
        renameSync(building, directory)
      })
    },
    onWait,
  )
  return directory
}

/** The source of a program, how it is built, and its directory in the cache, which all that decides on. */
function placeOf(
  name: ProgramName,
  goVersion: string,
  cacheDirectory: string,
): { source: string; flags: string[]; directory: string } {
  const { linkerValues = {}, links = [] }: GoProgram = goPrograms[name]
  const source = join(assetDirectory('programs'), name)
  const linkerFlags = [
    '-s',
    '-w',
    ...Object.entries(linkerValues).map(([at, v]) => `-X ${at}=${v}`),
  ]
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags.join(' ')]
  const key = inputHash(source, [goVersion, process.arch, ...flags, ...links])
  return { source, flags, directory: join(cacheDirectory, 'programs', `${name}-${key}`) }
}

async function compile(
  source: string,
  output: string,
  flags: string[],
  onProgress: (detail: string) => void,
): Promise<void> {
  const env = { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' }
  let downloads = 0
  const dependencies = await run('go', ['list', '-deps', '-f', '{{.ImportPath}}', '.'], {
    cwd: source,
    env,
    onLine: (line) => {
      if (line.startsWith('go: downloading')) onProgress(`${++downloads} modules downloaded`)
    },
  })
  const total = dependencies.trim().split('\n').length
  let compiled = 0
  await run('go', ['build', '-v', ...flags, '-o', output, '.'], {
    cwd: source,
    env,
    // With -v the compiler names each package that it has to build; those in Go's own cache are not named.
    onLine: () => onProgress(`${++compiled} of ${total} packages`),
  })
}

/** A hash over the files of a folder (names and bytes, not times) and whatever else decides on the result. */
export function inputHash(folder: string, others: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(others))
  for (const file of readdirSync(folder).sort())
    hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 16)
}
