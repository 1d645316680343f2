/** One input for a Compose loader, and how it is called. */
export interface ComposeCase {
  readonly name: string
  /** Texts by path relative to the case's directory. */
  readonly files: Readonly<Record<string, string>>
  readonly flags: ComposeFlags
}

export interface ComposeFlags {
  /** `-f` */
  readonly files?: readonly string[]
  /** `-p` */
  readonly projectName?: string
  /** `--project-directory` */
  readonly projectDirectory?: string
  /** `--profile` */
  readonly profiles?: readonly string[]
  /** `--env-file` */
  readonly envFiles?: readonly string[]
  /** Variables besides `HOME=/home/x`. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where the call is made, relative to the case's directory. */
  readonly directory?: string
  /** What a file `-` is. */
  readonly stdin?: string
}

/** What the tool said: the JSON of `docker compose config`, or its last line on stderr. */
export type Recording = { readonly project: unknown } | { readonly error: string }

/** The directory that a case has in its recording, and must have when it is loaded again. */
export const caseDirectory = (name: string): string => `/cases/${name}`

/**
 * Reads a table of small cases. Each begins with `=== name {flags}`; the text up to the next case, or to a line
 * `--- path` for further files, is its compose.yaml.
 */
export function readCaseTable(text: string): ComposeCase[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const lineEnd = block.indexOf('\n')
      const [, name = '', flags] = /^(\S+) ?(.*)$/.exec(block.slice(0, lineEnd)) ?? []
      const [first = '', ...rest] = block.slice(lineEnd + 1).split(/^--- (\S+)\n/m)
      const files: Record<string, string> = {}
      if (first.trim() !== '' || rest.length === 0) files['compose.yaml'] = first
      for (let index = 0; index < rest.length; index += 2)
        files[rest[index] as string] = rest[index + 1] ?? ''
      return { name, files, flags: flags ? (JSON.parse(flags) as ComposeFlags) : {} }
    })
}

/** The arguments of `docker compose config` for a case. */
export function configArguments(flags: ComposeFlags): string[] {
  return [
    ...(flags.files ?? []).flatMap((file) => ['-f', file]),
    ...(flags.profiles ?? []).flatMap((profile) => ['--profile', profile]),
    ...(flags.envFiles ?? []).flatMap((file) => ['--env-file', file]),
    ...(flags.projectName === undefined ? [] : ['-p', flags.projectName]),
    ...(flags.projectDirectory === undefined
      ? []
      : ['--project-directory', flags.projectDirectory]),
    'config',
    '--format',
    'json',
  ]
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Mapping = { [key: string]: Json }

/**
 * A project with what the tool's printer adds or leaves out evened out: `$` is doubled, `command: null` and empty
 * structures are always printed, `x-` keys below the top, models and unused resources never, empty lists in `x-` as null.
 */
export function comparableProject(project: unknown, printedByTool: boolean): unknown {
  const plain = printedByTool ? singleDollars(project as Json) : (project as Json)
  return withoutArtefacts(printedByTool ? plain : withoutUnused(plain as Mapping), [])
}

function singleDollars(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$$', '$')
  if (Array.isArray(value)) return value.map(singleDollars)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key.replaceAll('$$', '$'), singleDollars(child)]),
  )
}

/** Sections whose keys are names, which may begin with `x-`. */
const sections = ['services', 'networks', 'volumes', 'configs', 'secrets']
const printedEmpty = ['ipam', 'resources', 'placement', 'exec']

function withoutArtefacts(value: Json, path: readonly string[]): Json {
  if (Array.isArray(value)) {
    if (value.length === 0 && path[0]?.startsWith('x-')) return null
    return value.map((item) => withoutArtefacts(item, [...path, '[]']))
  }
  if (value === null || typeof value !== 'object') return value
  const out: Mapping = {}
  const holdsNames =
    path.length === 0 ||
    (path.length === 1 && sections.includes(path[0] as string)) ||
    path.at(-1) === 'depends_on' ||
    path[0]?.startsWith('x-')
  for (const key of Object.keys(value).sort()) {
    if ((key.startsWith('x-') && !holdsNames) || (path.length === 0 && key === 'models')) continue
    const child = withoutArtefacts(value[key] as Json, [...path, key])
    if ((key === 'command' || key === 'entrypoint') && child === null) continue
    if (printedEmpty.includes(key) && child !== null && Object.keys(child).length === 0) continue
    out[key] = child
  }
  return out
}

function withoutUnused(project: Mapping): Mapping {
  const used = new Map(sections.slice(1).map((section) => [section, new Set<Json>()]))
  const use = (section: string, name: Json | undefined) => used.get(section)?.add(name ?? '')
  for (const service of Object.values((project.services ?? {}) as Mapping) as Mapping[]) {
    for (const name of Object.keys((service.networks ?? {}) as Mapping)) use('networks', name)
    for (const mount of (service.volumes ?? []) as Mapping[])
      if (mount.type === 'volume') use('volumes', mount.source)
    const build = (service.build ?? {}) as Mapping
    for (const secret of [service.secrets ?? [], build.secrets ?? []].flat() as Mapping[])
      use('secrets', secret.source)
    for (const config of (service.configs ?? []) as Mapping[]) use('configs', config.source)
  }
  const out = { ...project }
  for (const [section, names] of used) {
    const kept = Object.entries((out[section] ?? {}) as Mapping).filter(([name]) => names.has(name))
    if (kept.length > 0) out[section] = Object.fromEntries(kept)
    else delete out[section]
  }
  return out
}
