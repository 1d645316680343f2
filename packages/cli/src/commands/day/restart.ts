import { restartRelease } from '@landfall/deploy'
import type { Command } from 'commander'
import { probeAddress } from '../../cluster/address.ts'
import { addTarget, milliseconds, type TargetOptions } from '../../cluster/options.ts'
import { displayFor } from '../../display/display-for.ts'
import { addOutput } from '../../output/option.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { holderOf } from '../release/holder.ts'
import { onServices } from './on-services.ts'
import { printVerdict } from './print-verdict.ts'

interface RestartOptions extends ProjectOptions, TargetOptions {
  timeout?: number
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(command)
        .argument('[SERVICE...]', 'services (default: all); PROJECT may come before them')
        .usage('[options] [PROJECT] [SERVICE...]')
        .description(
          'Replaces the pods of services, and of those that restart with them (`depends_on.restart`), and waits until they are ready.',
        ),
    ).option(
      '--timeout <time>',
      'fail if they are not ready after this time (90s, 2m30s, 1h)',
      milliseconds,
    ),
    terminal,
  )
    .addHelpText(
      'after',
      `
Pods are replaced as in an update: without an interruption where the service allows that. Nothing else changes, so that the
next \`landfall up\` has nothing to do. One-shots do not run again. The exit code is that of \`landfall up\`.`,
    )
    .action(async (words: string[], options: RestartOptions) => {
      terminal.exitCode = await restart(words, options, terminal)
    })
}

async function restart(
  words: string[],
  options: RestartOptions,
  terminal: Terminal,
): Promise<number> {
  const display = displayFor(terminal)
  try {
    return await onServices(
      { words },
      options,
      terminal,
      async ({ client, all, signal }, services) => {
        const verdict = await restartRelease(
          {
            ...{ client, services, signal, probeAddress },
            holder: holderOf('restart'),
            now: client.serverTime() ?? Date.now(),
            onEvent: display.deploy,
            ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
          },
          all,
        )
        display.close()
        printVerdict(verdict, terminal)
        return verdict.state === 'ready' ? EXIT.done : EXIT.failed
      },
    )
  } finally {
    display.close()
  }
}
