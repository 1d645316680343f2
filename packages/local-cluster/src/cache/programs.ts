import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Progress } from '../contract.ts'
import { buildGoProgram } from '../go/build.ts'
import { copyNewTree, linkNew } from '../host/files/new-file.ts'
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
  'metrics-server': { title: 'metrics-server' },
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
export type Programs = Record<'coredns' | 'kubectl', string> & {
  components: Components
}

/** Builds what is not in the cache yet; throws CommandFailed with the compiler's output. */
export async function buildPrograms(cacheDirectory: string, progress: Progress): Promise<Programs> {
  const kubernetes = await buildKubernetes(cacheDirectory, progress, ['coredns'])
  const [coredns = ''] = await buildEach(['coredns'], cacheDirectory, progress)
  return { ...kubernetes, coredns }
}

/** Builds metrics-server if it is not in the cache yet, and resolves with its path; throws CommandFailed with the compiler's output. */
export async function buildMetricsServer(
  cacheDirectory: string,
  progress: Progress,
): Promise<string> {
  const [program = ''] = await buildEach(['metrics-server'], cacheDirectory, progress)
  return program
}

async function buildEach(
  names: readonly ProgramName[],
  cacheDirectory: string,
  progress: Progress,
  following: readonly ProgramName[] = [],
): Promise<string[]> {
  const goVersion = (await run('go', ['env', 'GOVERSION'])).trim()
  const paths: string[] = []
  for (const [index, name] of names.entries()) {
    const next = [...names.slice(index + 1), ...following]
    paths.push(join(await buildProgram(name, goVersion, cacheDirectory, progress, next), name))
  }
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

/** Builds Kubernetes alone, if it is not in the cache yet; throws CommandFailed with the compiler's words. `following`: what is built after it, for the progress. */
export async function buildKubernetes(
  cacheDirectory: string,
  progress: Progress,
  following: readonly ProgramName[] = [],
): Promise<Pick<Programs, 'components' | 'kubectl'>> {
  const [kube = ''] = await buildEach(['kube'], cacheDirectory, progress, following)
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
  following: readonly ProgramName[],
): Promise<string> {
  const { title, links = [] }: GoProgram = goPrograms[name]
  const { source, flags, directory } = placeOf(name, goVersion, cacheDirectory)
  const step = `building ${title}`
  if (existsSync(directory)) {
    progress({ step, state: 'cached' })
    return directory
  }
  let waiting: NodeJS.Timeout | undefined
  const onWait = () => {
    const report = () =>
      progress({ step, state: 'progress', detail: 'another process is building it' })
    report()
    waiting = setInterval(report, 1000)
  }
  await withLock(
    `${directory}.lock`,
    async () => {
      clearInterval(waiting)
      if (existsSync(directory)) return
      await asStep(progress, step, async (report) => {
        const building = `${directory}.building`
        rmSync(building, { recursive: true, force: true })
        mkdirSync(building, { recursive: true })
        copyNewTree(source, join(building, 'source'))
        await buildGoProgram(
          {
            source: join(building, 'source'),
            output: join(building, name),
            flags,
            env: goEnvironment(cacheDirectory),
          },
          nextOf(following, goVersion, cacheDirectory),
          report,
        )
        for (const link of links) linkNew(name, join(building, link))
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
  const deciding = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags.join(' ')]
  const key = inputHash(source, [goVersion, process.arch, ...deciding, ...links])
  // The linker leaves out what debuggers read (-s -w); without this flag it is compiled nevertheless. The program is the same.
  const flags = [...deciding, '-gcflags=all=-dwarf=false']
  return { source, flags, directory: join(cacheDirectory, 'programs', `${name}-${key}`) }
}

/** The title of the first program that is not in the cache yet. */
function nextOf(
  names: readonly ProgramName[],
  goVersion: string,
  cacheDirectory: string,
): string | undefined {
  const next = names.find((name) => !existsSync(placeOf(name, goVersion, cacheDirectory).directory))
  return next === undefined ? undefined : goPrograms[next].title
}

/** Modules as go.mod has them, no C compiler, and Go's build cache where it stays: what was compiled before an interruption is there. */
function goEnvironment(cacheDirectory: string): Record<string, string> {
  return {
    CGO_ENABLED: '0',
    GOWORK: 'off',
    GOFLAGS: '-mod=readonly',
    GOCACHE: join(cacheDirectory, 'go-build'),
  }
}

/** A hash over the files of a folder (names and bytes, not times) and whatever else decides on the result. */
export function inputHash(folder: string, others: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(others))
  for (const file of readdirSync(folder).sort())
    hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 16)
}
