import { GATE_IMAGE } from '@landfall/convert'
import {
  NoRevisionError,
  type ScaledService,
  ScaleRefusedError,
  type ScaleReport,
  scaleRelease,
} from '@landfall/deploy'
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
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { version } from '../../version.ts'
import { copiesIn } from './copies-in.ts'
import { holderOf } from './holder.ts'

interface ScaleCommandOptions extends ProjectOptions, TargetOptions {
  timeout?: number
  note?: string
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(
        command
          .argument('<SERVICE=N...>', 'services with their number of pods, and PROJECT')
          .usage('SERVICE=N... [PROJECT] [options]'),
      ).description(
        'Changes the number of pods of services of the deployed project, and reports whether they are ready.',
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
The next \`landfall up\` sets the number that the project declares. The files of the project are not needed: -p NAME is
enough. More than one copy is refused where the project shows that one is right (docs/scaling.md).`,
    )
    .action(async (words: string[], options: ScaleCommandOptions) => {
      terminal.exitCode = await scale(words, options, terminal)
    })
}

async function scale(
  words: readonly string[],
  options: ScaleCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { copies, places } = copiesIn(words)
  if (copies.size === 0)
    throw new UsageError('no service is named', 'landfall scale web=3 sets three pods for web')
  if (places.length > 1) throw new UsageError(`one project at most, not ${places.join(' and ')}`)
  const found = await releaseOf(places[0], options, terminal)
  if (found === undefined) return EXIT.failed
  const display = displayFor(terminal)
  try {
    const report = await withCluster(options, terminal, found.namespace, ({ client }) =>
      scaleRelease({
        client,
        ...found,
        copies,
        onEvent: display.deploy,
        signal: terminal.interruption(),
        holder: holderOf('scale'),
        note: { version, ...(options.note !== undefined && { note: options.note }) },
        probeAddress,
        checkImage: GATE_IMAGE,
        ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
      }),
    )
    display.close()
    print(report, terminal)
    return report.verdict.state === 'ready' ? EXIT.done : EXIT.failed
  } catch (error) {
    if (error instanceof NoRevisionError)
      throw new UsageError(error.message, '`landfall history` lists the revisions')
    if (!(error instanceof ScaleRefusedError)) throw error
    display.close()
    printRefusals(error, terminal)
    return EXIT.failed
  } finally {
    display.close()
  }
}

function printRefusals({ refusals }: ScaleRefusedError, terminal: Terminal): void {
  for (const { service, message, hint } of refusals)
    if (terminal.output === 'json') printLine({ type: 'refused', service, message, hint }, terminal)
    else terminal.stderr.write(`error: ${message}\n  ${hint}\n`)
}

function print({ verdict, services }: ScaleReport, terminal: Terminal): void {
  const { stdout, env } = terminal
  if (terminal.output === 'json') {
    for (const service of services) printLine({ type: 'scaled', ...service }, terminal)
    printLine(verdictLine(verdict, []), terminal)
    return
  }
  const nowhere = { origins: new Map(), sources: new Map() }
  stdout.write(renderVerdict(verdict, [], nowhere, colourFor(stdout, env)))
  for (const service of services) stdout.write(`${wordsOf(service)}\n`)
}

function wordsOf({ service, from, to, declared }: ScaledService): string {
  const pods = `${service}: ${to} ${to === 1 ? 'pod' : 'pods'}, ${from} before.`
  if (to === declared) return pods
  return `${pods} The next \`landfall up\` sets ${declared}; services.${service}.replicas: ${to} in landfall.yaml keeps ${to}.`
}
