import { NoCheckError, NoRevisionError, type TestReport, testRelease } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { colourFor } from '../../colour.ts'
import { renderChecks } from '../../display/checks.ts'
import { displayFor } from '../../display/display-for.ts'
import { Trouble, UsageError } from '../../errors.ts'
import { stateOf, testedLine } from '../../output/checks.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { type ReleasePlace, releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'

type TestOptions = ProjectOptions & TargetOptions

export function define(command: Command, terminal: Terminal): void {
  command
    .argument('[PROJECT]', 'path of a project directory, or of a Compose file: ., ./shop')
    .argument('[NAME...]', 'names of checks (default: all)')
  addOutput(
    addTarget(
      addComposeOptions(command).description(
        'Runs the checks of a deployed project inside the cluster: those of landfall.yaml at the time of the last `landfall up`.',
      ),
    ),
    terminal,
  )
    .addHelpText(
      'after',
      `
The checks are read from the cluster: the files of the project are not needed, -p NAME is enough. A word without a slash is the
name of a check. Exit codes: 0 all checks hold · 1 a check fails · 2 a check could not be run, or there is none.`,
    )
    .action(async (first: string | undefined, others: string[], options: TestOptions) => {
      try {
        const words = first === undefined ? [] : [first, ...others]
        terminal.exitCode = await test(words, options, terminal)
      } catch (error) {
        throw new Trouble(error)
      }
    })
}

async function test(
  words: readonly string[],
  options: TestOptions,
  terminal: Terminal,
): Promise<number> {
  const [place] = words.filter(isPath)
  const names = words.filter((word) => !isPath(word))
  if (words.length - names.length > 1) throw new UsageError('test takes one project')
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.usage
  const display = displayFor(terminal)
  const object = (name: string) => `check/${name}`
  try {
    const report = await withCluster(options, terminal, found.namespace, ({ client }) =>
      testRelease({
        client,
        ...found,
        names,
        onRetry: (name, message) => display.deploy({ type: 'wait', object: object(name), message }),
        onResult({ name, state, ms }) {
          if (state === 'holds') display.deploy({ type: 'ready', object: object(name), ms })
        },
        signal: terminal.interruption(),
      }),
    )
    display.close()
    print(found, report, terminal)
    return { holds: EXIT.done, fails: EXIT.failed, unknown: EXIT.usage }[stateOf(report.results)]
  } catch (error) {
    if (error instanceof NoCheckError)
      throw new UsageError(
        error.message,
        'checks are declared in landfall.yaml, and `landfall up` keeps them in the cluster; a project is a path with a slash: ./shop',
      )
    if (error instanceof NoRevisionError) throw new UsageError(error.message, 'run `landfall up`')
    throw error
  } finally {
    display.close()
  }
}

/** Names of checks have no slash. */
function isPath(word: string): boolean {
  return word.includes('/') || word === '.' || word === '..' || /\.ya?ml$/.test(word)
}

function print(place: ReleasePlace, report: TestReport, terminal: Terminal): void {
  const { stdout, env } = terminal
  if (terminal.output === 'json') printLine(testedLine(place, report), terminal)
  else stdout.write(`${renderChecks(report.results, colourFor(stdout, env))}\n`)
}
