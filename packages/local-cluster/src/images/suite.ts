import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { withLock } from '../host/lock.ts'
import { run } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { writeWhole } from '../host/write-whole.ts'
import type { Suite } from './catalog.ts'
import { debianMirrors, suiteSources } from './mirrors.ts'

/** A Debian suite's package lists in the cache, apart from the machine's own apt. */
export interface OpenSuite {
  codename: Suite
  /** Holds `lists/`, `etc/` (the sources) and `apt.conf`. */
  directory: string
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Fetches the lists of a suite if they are not there yet. They come from the Debian mirror of this machine. */
export async function openSuite(
  codename: Suite,
  cacheDirectory: string,
  progress: Progress,
): Promise<OpenSuite> {
  const suite = { codename, directory: join(cacheDirectory, 'images', 'suites', codename) }
  const isFetched = () => existsSync(join(suite.directory, 'updated'))
  if (isFetched()) return suite
  await withLock(join(suite.directory, 'lock'), async () => {
    if (!isFetched()) await fetchLists(suite, progress)
  })
  return suite
}

/** Fetches the lists of a suite again: packages that moved on are answered with 404. */
export async function refreshSuite(suite: OpenSuite, progress: Progress): Promise<void> {
  await withLock(join(suite.directory, 'lock'), () => fetchLists(suite, progress))
}

async function fetchLists(suite: OpenSuite, progress: Progress): Promise<void> {
  if (!existsSync(keyring))
    throw new Error(
      `${keyring} is missing: install the package debian-archive-keyring, so that Debian's packages can be verified`,
    )
  const { directory, codename } = suite
  const step = `fetching the package lists of Debian ${codename}`
  await asStep(progress, step, async () => {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'etc'])
      mkdirSync(join(directory, folder), { recursive: true })
    writeWhole(join(directory, 'none-installed'), '')
    writeWhole(
      join(directory, 'etc/debian.sources'),
      suiteSources(codename, debianMirrors(machineSources()), keyring),
    )
    writeWhole(join(directory, 'apt.conf'), aptConfiguration(directory))
    await run('apt-get', ['-c', join(directory, 'apt.conf'), 'update', '-qq'], {
      endsWithThisProcess: true,
    })
    writeWhole(join(directory, 'updated'), '')
  })
}

/** The version that the suite offers of a package, as Debian writes it. */
export async function candidateVersion(suite: OpenSuite, name: string): Promise<string> {
  const printed = await run('apt-cache', ['-c', join(suite.directory, 'apt.conf'), 'policy', name])
  const version = /^ {2}Candidate: (\S+)$/m.exec(printed)?.[1]
  if (version === undefined || version === '(none)')
    throw new Error(`Debian ${suite.codename} has no package ${name}`)
  return version
}

/** Downloads packages and all that they depend on as `.deb` files into an empty directory. */
export async function downloadClosure(
  suite: OpenSuite,
  names: readonly string[],
  directory: string,
): Promise<void> {
  mkdirSync(join(directory, 'partial'), { recursive: true })
  await run(
    'apt-get',
    [
      ...['-c', join(suite.directory, 'apt.conf'), '-o', `Dir::Cache::archives=${directory}`],
      ...['-o', 'Debug::NoLocking=1', '-qq', '-y', '--no-install-recommends', '--download-only'],
      ...['install', ...names],
    ],
    { endsWithThisProcess: true },
  )
}

/** Against an empty list of installed packages, so that the answer does not depend on the machine. */
function aptConfiguration(directory: string): string {
  return [
    `Dir::State "${directory}";`,
    `Dir::State::Lists "${join(directory, 'lists')}";`,
    `Dir::State::status "${join(directory, 'none-installed')}";`,
    `Dir::Cache "${join(directory, 'cache')}";`,
    'Dir::Etc::SourceList "/dev/null";',
    `Dir::Etc::SourceParts "${join(directory, 'etc')}";`,
    'Dir::Etc::PreferencesParts "/dev/null";',
    'APT::Sandbox::User "root";',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Post-Invoke;',
    '#clear Acquire::IndexTargets::deb::DEP-11;',
    '',
  ].join('\n')
}

/** The texts of this machine's apt sources. */
export function machineSources(): string[] {
  const parts = '/etc/apt/sources.list.d'
  const files = existsSync(parts)
    ? readdirSync(parts)
        .sort()
        .map((name) => join(parts, name))
    : []
  return ['/etc/apt/sources.list', ...files]
    .filter((file) => existsSync(file) && /\.(list|sources)$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
}
