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
import { join } from 'node:path'
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
} satisfies Record<string, GoProgram>

export type ProgramName = keyof typeof goPrograms

/** Absolute paths of the programs that are built from Go modules. */
export type Programs = Record<ProgramName | 'kubectl', string>

/** Builds what is not in the cache yet; throws CommandFailed with the compiler's output. */
export async function buildPrograms(cacheDirectory: string, progress: Progress): Promise<Programs> {
  const goVersion = (await run('go', ['env', 'GOVERSION'])).trim()
  const paths: Partial<Programs> = {}
  for (const name of Object.keys(goPrograms) as ProgramName[]) {
    const directory = await buildProgram(name, goVersion, cacheDirectory, progress)
    paths[name] = join(directory, name)
    if (name === 'kube') paths.kubectl = join(directory, 'kubectl')
  }
  return paths as Programs
}

/** Builds Kubernetes alone, if it is not in the cache yet; throws CommandFailed with the compiler's words. */
export async function buildKubernetes(
  cacheDirectory: string,
  progress: Progress,
): Promise<Pick<Programs, 'kube' | 'kubectl'>> {
  const goVersion = (await run('go', ['env', 'GOVERSION'])).trim()
  const directory = await buildProgram('kube', goVersion, cacheDirectory, progress)
  return { kube: join(directory, 'kube'), kubectl: join(directory, 'kubectl') }
}

async function buildProgram(
  name: ProgramName,
  goVersion: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<string> {
  const { title, linkerValues = {}, links = [] }: GoProgram = goPrograms[name]
  const source = join(assetDirectory('programs'), name)
  const linkerFlags = [
    '-s',
    '-w',
    ...Object.entries(linkerValues).map(([at, v]) => `-X ${at}=${v}`),
  ]
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags.join(' ')]
  const directory = join(
    cacheDirectory,
    'programs',
    `${name}-${inputHash(source, [goVersion, process.arch, ...flags, ...links])}`,
  )
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
