import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a tool answers to a command line; the first entry that matches counts, else it prints nothing and exits with 0. */
export interface RecordedAnswer {
  /** Is searched in the arguments, joined with spaces. */
  when: RegExp
  print?: string
  printError?: string
  exit?: number
  /** By an option: what is written to the file that follows it (`--metadata-file`). */
  files?: Readonly<Record<string, string>>
}

/** One call of a tool. */
export interface RecordedCall {
  /** Program and arguments. */
  line: string
  args: string[]
  /** The first bytes of standard input. */
  input: string
  env: Record<string, string>
}

/** Programs in a directory of their own that record how they are called and play answers, in the place of real ones. */
export interface RecordedTools {
  directory: string
  /** Every call so far, in order. */
  calls(): RecordedCall[]
  /** The command lines of the calls so far. */
  lines(): string[]
  close(): void
}

/** Makes such programs by name; the environment variables of `keep` are recorded with each call. */
export function recordedTools(
  tools: Readonly<Record<string, readonly RecordedAnswer[]>>,
  keep: readonly string[] = [],
): RecordedTools {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-tools-'))
  const record = join(directory, '.calls')
  for (const [name, answers] of Object.entries(tools)) {
    const file = join(directory, name)
    writeFileSync(file, program(name, answers, record, keep))
    chmodSync(file, 0o755)
  }
  const calls = (): RecordedCall[] =>
    existsSync(record) ? readFileSync(record, 'utf8').split(END).slice(0, -1).map(parseCall) : []
  return {
    directory,
    calls,
    lines: () => calls().map(({ line }) => line),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Behind each call, and between its three parts, in the record. */
const END = '\x1e'
const PART = '\x1d'
const VALUE = '\x1f'

function parseCall(text: string): RecordedCall {
  const [called = '', kept = '', input = ''] = text.split(PART)
  const [program = '', ...args] = called.split(VALUE).slice(0, -1)
  const pairs = kept.split(VALUE).slice(0, -1)
  return {
    line: [program, ...args].join(' '),
    args,
    input,
    env: Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  }
}

/** The text of a program: a shell script, which starts at once also on a busy machine. */
function program(
  name: string,
  answers: readonly RecordedAnswer[],
  record: string,
  keep: readonly string[],
): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const kept = keep.map((key) => `  [ -z "\${${key}+x}" ] || printf '%s\\037' "${key}=$${key}"`)
  const plays = answers.map(({ when, print, printError, exit = 0, files = {} }) =>
    [
      `if printf '%s' "$*" | grep -Eq -e ${quote(when.source)}; then`,
      ...Object.entries(files).map(
        ([option, content]) =>
          `  take=; for one in "$@"; do [ -z "$take" ] || printf '%s' ${quote(content)} > "$one"; take=; [ "$one" != ${quote(option)} ] || take=1; done`,
      ),
      ...(print === undefined ? [] : [`  printf '%s\\n' ${quote(print)}`]),
      ...(printError === undefined ? [] : [`  printf '%s\\n' ${quote(printError)} >&2`]),
      `  exit ${exit}`,
      'fi',
    ].join('\n'),
  )
  // one write for each call: tools are called at the same time
  return `#!/bin/sh
call=$(
  printf '%s\\037' ${quote(name)} "$@"; printf '\\035'
${kept.join('\n')}
  PATH=/usr/bin:/bin
  printf '\\035'; head -c 2000; printf '\\036'
)
printf '%s' "$call" >> ${quote(record)}
PATH=/usr/bin:/bin
cat > /dev/null
${plays.join('\n')}
exit 0
`
}
