import type { Inspection } from '../inspect/inspect.ts'
import type { Scan } from '../inspect/scan.ts'
import { readScript } from '../inspect/script.ts'
import { TarballProblem } from '../problem.ts'
import { captureScript } from './capture-script.ts'
import { prepareScript } from './prepare-script.ts'
import { installScript, type Places, settingsScript, startScript } from './scripts.ts'
import { shellWords } from './shell-words.ts'
import { standIn } from './stand-in.ts'

/** What landfall.yaml says of a service from a tarball. */
export interface TarballSettings {
  /** The start script with its arguments; that of the tarball if it has one. */
  start?: string
  java?: number
  base?: string
  /** Packages of the distribution of the base image. */
  packages?: readonly string[]
  /** Commands of the shell that run once, when the image is built, after the files are there. */
  prepare?: readonly string[]
}

/** A build context without the files of the tarball, which are in its directories `large` and `small`. */
export interface Recipe {
  dockerfile: string
  /** Files below `landfall/`: their contents by name, which need not be executable. */
  helpers: ReadonlyMap<string, string | Uint8Array>
  /** The start script and its arguments. */
  start: readonly string[]
  base: string
}

/** The directory of the scripts in an image. */
const HELPER_DIRECTORY = '/landfall'

/** Bytes: smaller files are in the layer that changes with settings. */
const LARGE = 128 * 1024

/** The directory of the build context, and so the layer, that a file of the tarball is in. */
export function layerOf(path: string, size: number): 'large' | 'small' {
  return size >= LARGE || /\.(jar|war|so|class|zip)$/i.test(path) ? 'large' : 'small'
}

/** Where the program is in the image. */
export function programDirectory(service: string): string {
  return `/opt/${service}`
}

/** How the image of a service is made. Throws TarballProblem where the tarball has no start script that can be started. */
export function makeRecipe(
  service: string,
  settings: TarballSettings,
  scan: Scan,
  { scripts, java: needed, packages: found, logsToFiles }: Inspection,
): Recipe {
  const start = startOf(settings, scan, scripts)
  const capture = settings.base === undefined || settings.java !== undefined || needed !== undefined
  const base = settings.base ?? javaImage(settings.java ?? needed?.version)
  const program = programDirectory(service)
  const { prepare = [] } = settings
  const helpers = helperFiles({ helper: HELPER_DIRECTORY, program, start, capture, prepare })
  const all = [...new Set([...found, ...(settings.packages ?? [])])].sort()
  // With a base image of its own, the names of packages are those that the user chooses.
  const packages = settings.base === undefined ? all : [...(settings.packages ?? [])]
  const follow = capture && logsToFiles.length > 0
  const large = [...scan.files].some(([path, { size }]) => layerOf(path, size) === 'large')
  return {
    helpers,
    start,
    base,
    dockerfile: dockerfileOf({
      base,
      packages,
      program,
      large,
      follow,
      prepares: prepare.length > 0 && service,
    }),
  }
}

/** The files of an image that are Landfall's, by their names in its directory. */
export function helperFiles(places: Places): Map<string, string | Uint8Array> {
  const { helper, prepare = [] } = places
  return new Map<string, string | Uint8Array>([
    ...(prepare.length === 0
      ? []
      : [['prepare', prepareScript({ ...places, prepare })] as [string, string]]),
    ['settings', settingsScript(places)],
    ['install', installScript(places)],
    ['start', startScript(places)],
    ['capture', captureScript(places)],
    ['java-amd64', standIn(`${helper}/capture`, 'amd64')],
    ['java-arm64', standIn(`${helper}/capture`, 'arm64')],
  ])
}

function javaImage(version: number | undefined): string {
  if (version === undefined)
    throw new TarballProblem(
      'containerize/wrong-setting',
      'its Java version is not known, because it has no classes',
      'set java: 8, 11, 17 or 21, or base: IMAGE',
    )
  return `eclipse-temurin:${version}-jre`
}

function startOf(
  { start, prepare = [] }: TarballSettings,
  { files }: Scan,
  scripts: Inspection['scripts'],
): string[] {
  const names = scripts.map(({ path }) => path)
  const found =
    names.length === 0 ? 'it has none with a usual name' : `found: ${names.slice(0, 5).join(', ')}`
  const words = start === undefined ? (names[0] === undefined ? [] : [names[0]]) : shellWords(start)
  const path = words?.[0]?.replace(/^(\.\/)+/, '')
  if (words === undefined || path === undefined)
    throw new TarballProblem(
      'containerize/no-start-script',
      start === undefined
        ? 'it has no start script'
        : `the start script ${start} cannot be read as words`,
      `set start to a script and its arguments, as start: bin/startup.sh (${found})`,
    )
  if (start === undefined && names.length > 1 && ambiguous(names))
    throw new TarballProblem(
      'containerize/no-start-script',
      `it has several start scripts: ${names.slice(0, 5).join(', ')}`,
      'set start to one of them',
    )
  const file = files.get(path)
  // The build tests one that its commands make.
  if (file === undefined && prepare.length > 0) return [path, ...words.slice(1)]
  if (file === undefined)
    throw new TarballProblem(
      'containerize/no-start-script',
      `the start script ${path} is not in the tarball`,
      found,
    )
  const { problem } = file.text === undefined ? {} : readScript(path, file.text)
  if (problem === 'containerize/no-shebang')
    throw new TarballProblem(
      problem,
      `the start script ${path} does not begin with "#!"`,
      'make it begin with #!/bin/sh, or use a script that starts it',
    )
  if (problem === 'containerize/crlf-script')
    throw new TarballProblem(
      problem,
      `the start script ${path} has Windows line ends`,
      `convert it: sed -i 's/\\r$//' ${path}`,
    )
  return [path, ...words.slice(1)]
}

/** Whether no script is clearly the first: those of `bin` with the name startup or start are. */
function ambiguous([first = '', second = '']: readonly string[]): boolean {
  const base = (path: string): string => path.split('/').at(-1) ?? ''
  return (
    !/^(startup|start)(\.sh)?$/.test(base(first)) || /^(startup|start)(\.sh)?$/.test(base(second))
  )
}

function dockerfileOf({
  base,
  packages,
  program,
  large,
  follow,
  prepares,
}: {
  base: string
  packages: readonly string[]
  program: string
  large: boolean
  /** Whether the files to which the program logs are in the log of the container. */
  follow: boolean
  /** The service, if it has commands that run when the image is built. */
  prepares: string | false
}): string {
  const owner = '--chown=10001:10001'
  return `${[
    `FROM ${base}`,
    'USER 0:0',
    ...(packages.length === 0 ? [] : [`RUN ${installPackages(packages)}`]),
    `COPY landfall ${HELPER_DIRECTORY}`,
    `RUN sh ${HELPER_DIRECTORY}/install && printf 'program:x:10001:10001::%s:/bin/sh\\n' ${program} >>/etc/passwd`,
    ...(prepares === false ? [] : [`RUN mkdir -p ${program} && chown 10001:10001 ${program}`]),
    ...(large ? [`COPY ${owner} large ${program}`] : []),
    `COPY ${owner} small ${program}`,
    'USER 10001:10001',
    `WORKDIR ${program}`,
    `ENV HOME=${program}`,
    ...(prepares === false
      ? []
      : [`RUN sh ${HELPER_DIRECTORY}/prepare # prepare of ${prepares} in landfall.yaml`]),
    ...(follow ? ['ENV LANDFALL_LOGS=auto'] : []),
    `ENTRYPOINT ["/bin/sh", "${HELPER_DIRECTORY}/start"]`,
    'CMD []',
  ].join('\n')}\n`
}

/** With the package manager that the base image has. */
function installPackages(packages: readonly string[]): string {
  const names = packages.join(' ')
  return [
    `if command -v apt-get >/dev/null; then apt-get update && apt-get install -y --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*;`,
    `elif command -v apk >/dev/null; then apk add --no-cache ${names};`,
    `elif command -v microdnf >/dev/null; then microdnf install -y ${names} && microdnf clean all;`,
    `else dnf install -y ${names} && dnf clean all; fi`,
  ].join(' \\\n    ')
}
