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

/** The output of the tool: the JSON of `docker compose config`, or its last line on stderr. */
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

/** A case as it is written in a table. */
export function printCase({ name, files, flags }: ComposeCase): string {
  const head =
    Object.keys(flags).length > 0 ? `=== ${name} ${JSON.stringify(flags)}` : `=== ${name}`
  const { 'compose.yaml': main = '', ...others } = files
  const parts = Object.entries(others).map(([path, text]) => `--- ${path}\n${text}`)
  return [`${head}\n${main}`, ...parts].join('')
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
