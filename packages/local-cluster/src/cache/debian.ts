import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { withLock } from '../host/lock.ts'
import { run } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { writeWhole } from '../host/write-whole.ts'

/** A package as the machine's apt sources offer it. */
export interface DebianPackage {
  name: string
  version: string
}

export interface UnpackOptions {
  /**
   * What is unpacked in addition to the named packages, of all that they depend on: `none`; `libraries` (packages named lib*, but not
   * the C library, which must stay the one that the machine's program loader belongs to); or `all`, down to libc6.
   */
  closure?: 'none' | 'libraries' | 'all'
}

const packagesFile = 'landfall-packages.json'

/**
 * Unpacks Debian packages into the cache with `dpkg -x`; nothing is installed and no maintainer script runs. Resolves with the
 * root directory, in which programs are placed as on a machine (`usr/bin/containerd`). The second time it is there already.
 * The machine's apt sources decide on the versions; apt's own lists and caches are left alone.
 */
export async function unpackDebianPackages(
  names: readonly string[],
  cacheDirectory: string,
  progress: Progress,
  options: UnpackOptions = {},
): Promise<string> {
  const closure = options.closure ?? 'none'
  const key = debianKey(names, closure, readFileSync('/etc/os-release', 'utf8'))
  const root = join(cacheDirectory, 'debian', key)
  const step = `unpacking Debian packages ${names.join(', ')}`
  if (existsSync(root)) {
    progress({ step, state: 'cached' })
    return root
  }
  const apt = join(cacheDirectory, 'debian', 'apt')
  await withLock(join(cacheDirectory, 'debian', 'lock'), async () => {
    if (existsSync(root)) return
    await asStep(progress, step, async (report) => {
      const unpacked = `${root}.${process.pid}`
      rmSync(unpacked, { recursive: true, force: true })
      mkdirSync(join(unpacked, 'archives'), { recursive: true })
      const packages = await withFreshLists(apt, async () => {
        const wanted = await resolve(names, closure, apt)
        await download(wanted, join(unpacked, 'archives'), apt, report)
        return wanted
      })
      for (const { name, version } of packages) {
        const archive = join(unpacked, 'archives', archiveName(name, version, await architecture()))
        const all = join(unpacked, 'archives', archiveName(name, version, 'all'))
        await run('dpkg-deb', ['-x', existsSync(archive) ? archive : all, unpacked], {
          endsWithThisProcess: true,
        })
      }
      rmSync(join(unpacked, 'archives'), { recursive: true })
      writeWhole(join(unpacked, packagesFile), `${JSON.stringify(packages, null, 1)}\n`)
      renameSync(unpacked, root)
    })
  })
  return root
}

/** The packages that are unpacked in a root directory, with their versions. */
export function unpackedPackages(root: string): DebianPackage[] {
  return JSON.parse(readFileSync(join(root, packagesFile), 'utf8')) as DebianPackage[]
}

/** The name of the directory that holds these packages of this distribution. */
export function debianKey(names: readonly string[], closure: string, osRelease: string): string {
  const release = osRelease.split('\n').filter((line) => /^(ID|VERSION_ID)=/.test(line))
  const inputs = JSON.stringify([[...names].sort(), closure, release.sort(), process.arch])
  return createHash('sha256').update(inputs).digest('hex').slice(0, 16)
}

/** The packages that `apt-get install --print-uris` lists; each line is `'uri' archive size hash`. */
export function parsePrintedUris(text: string): DebianPackage[] {
  const packages: DebianPackage[] = []
  for (const line of text.split('\n')) {
    const archive = /^'[^']+' (\S+)_(\S+)_[^_\s]+\.deb /.exec(line)
    if (archive?.[1] !== undefined && archive[2] !== undefined)
      packages.push({ name: archive[1], version: decodeURIComponent(archive[2]) })
  }
  return packages
}

/** The file name under which apt stores an archive: only the version's colon is written otherwise. */
function archiveName(name: string, version: string, arch: string): string {
  return `${name}_${version.replaceAll(':', '%3a')}_${arch}.deb`
}

async function architecture(): Promise<string> {
  return (await run('dpkg', ['--print-architecture'])).trim()
}

async function resolve(
  names: readonly string[],
  closure: 'none' | 'libraries' | 'all',
  apt: string,
): Promise<DebianPackage[]> {
  // Against an empty list of installed packages, so that the answer does not depend on the machine.
  const uris = await run(
    'apt-get',
    [
      ...['-c', aptConfiguration(apt), '-o', `Dir::State::status=${join(apt, 'none-installed')}`],
      ...['install', '-qq', '-y', '--print-uris', '--no-install-recommends', ...names],
    ],
    { endsWithThisProcess: true },
  )
  return parsePrintedUris(uris).filter(
    ({ name }) =>
      names.includes(name) ||
      closure === 'all' ||
      (closure === 'libraries' && name.startsWith('lib') && name !== 'libc6'),
  )
}

async function download(
  packages: readonly DebianPackage[],
  directory: string,
  apt: string,
  onProgress: (detail: string) => void,
): Promise<void> {
  let got = 0
  await run(
    'apt-get',
    [
      ...['-c', aptConfiguration(apt), 'download', '-q'],
      ...packages.map(({ name, version }) => `${name}=${version}`),
    ],
    {
      cwd: directory,
      endsWithThisProcess: true,
      onLine: (line) => {
        if (line.startsWith('Get:')) onProgress(`${++got} of ${packages.length}`)
      },
    },
  )
}

/** Runs `work` with apt lists of our own; when it fails with old lists, once more with new ones. */
async function withFreshLists<T>(apt: string, work: () => Promise<T>): Promise<T> {
  if (existsSync(join(apt, 'updated'))) {
    try {
      return await work()
    } catch {
      // A package that moved on since the lists were fetched is answered with 404.
    }
  }
  await run('apt-get', ['-c', aptConfiguration(apt), 'update', '-qq'], {
    endsWithThisProcess: true,
  })
  writeWhole(join(apt, 'updated'), '')
  return work()
}

/** Writes the apt configuration that keeps lists, archives and hooks away from the machine's own. */
function aptConfiguration(apt: string): string {
  const file = join(apt, 'apt.conf')
  if (existsSync(file)) return file
  mkdirSync(join(apt, 'lists/partial'), { recursive: true })
  mkdirSync(join(apt, 'cache/archives/partial'), { recursive: true })
  writeWhole(join(apt, 'none-installed'), '')
  writeWhole(
    file,
    [
      `Dir::State::Lists "${join(apt, 'lists')}";`,
      `Dir::Cache "${join(apt, 'cache')}";`,
      'APT::Sandbox::User "root";',
      '#clear APT::Update::Post-Invoke;',
      '#clear APT::Update::Post-Invoke-Success;',
      '#clear DPkg::Post-Invoke;',
      '',
    ].join('\n'),
  )
  return file
}
