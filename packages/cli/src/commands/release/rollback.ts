import { GATE_IMAGE } from '@landfall/convert'
import { NoRevisionError, rollbackRelease, type Verdict } from '@landfall/deploy'
import type { Command } from 'commander'
import { probeAddress } from '../../cluster/address.ts'
import { addTarget, milliseconds, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { colourFor } from '../../colour.ts'
import { displayFor } from '../../display/display-for.ts'
import { renderVerdict } from '../../display/verdict.ts'
import { UsageError } from '../../errors.ts'
import { verdictLine } from '../../output/deploy-event.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addProject, type ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { revisionsIn } from '../../project/revisions-in.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { version } from '../../version.ts'
import { holderOf } from './holder.ts'

interface RollbackOptions extends ProjectOptions, TargetOptions {
  timeout?: number
  note?: string
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(
        command.argument(
          '[REVISION]',
          'number of a revision (default: the last one before the present that was ready)',
        ),
      ).description(
        'Makes the deployed project again what it was in an earlier revision, which `landfall history` lists.',
      ),
    )
      .option('--note <text>', 'recorded with the revision')
      .option(
        '--timeout <time>',
        'fail if it is not ready after this time (90s, 2m30s, 1h)',
        milliseconds,
      ),
    terminal,
  )
    .addHelpText(
      'after',
      `
The files of the project are not needed: -p NAME is enough. Jobs of the revision that have run do not run again, and what
programs wrote into volumes stays. The exit code is that of \`landfall up\`.`,
    )
    .action(
      async (first: string | undefined, second: string | undefined, options: RollbackOptions) => {
        terminal.exitCode = await rollback([first, second], options, terminal)
      },
    )
}

async function rollback(
  words: readonly (string | undefined)[],
  options: RollbackOptions,
  terminal: Terminal,
): Promise<number> {
  const { revisions, places } = revisionsIn(words)
  const [to] = revisions
  if (revisions.length > 1) throw new UsageError('rollback takes one revision')
  const found = await releaseOf(places[0], options, terminal)
  if (found === undefined) return EXIT.failed
  const display = displayFor(terminal)
  try {
    const verdict = await withCluster(options, terminal, found.namespace, ({ client }) =>
      rollbackRelease({
        client,
        ...found,
        ...(to !== undefined && { to }),
        onEvent: display.deploy,
        signal: terminal.interruption(),
        holder: holderOf('rollback'),
        note: { version, ...(options.note !== undefined && { note: options.note }) },
        probeAddress,
        checkImage: GATE_IMAGE,
        ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
      }),
    )
    display.close()
    print(verdict, terminal)
    return verdict.state === 'ready' ? EXIT.done : EXIT.failed
  } catch (error) {
    if (error instanceof NoRevisionError)
      throw new UsageError(error.message, '`landfall history` lists the revisions')
    throw error
  } finally {
    display.close()
  }
}

function print(verdict: Verdict, terminal: Terminal): void {
  const { stdout, env } = terminal
  if (terminal.output === 'json') printLine(verdictLine(verdict, []), terminal)
  else
    stdout.write(
      renderVerdict(
        verdict,
        [],
        { origins: new Map(), sources: new Map() },
        colourFor(stdout, env),
      ),
    )
}
