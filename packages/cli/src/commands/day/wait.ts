import { awaitRelease, workloadOf } from '@landfall/deploy'
import type { Command } from 'commander'
import { probeAddress } from '../../cluster/address.ts'
import { addTarget, milliseconds, type TargetOptions } from '../../cluster/options.ts'
import { displayFor } from '../../display/display-for.ts'
import { addOutput } from '../../output/option.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { onServices } from './on-services.ts'
import { printVerdict } from './print-verdict.ts'

interface WaitOptions extends ProjectOptions, TargetOptions {
  timeout?: number
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(command)
        .argument('[SERVICE...]', 'services (default: all); PROJECT may come before them')
        .usage('[options] [PROJECT] [SERVICE...]')
        .description(
          'Waits until services, and those that they wait for, are ready, or one has failed; the verdict and the exit code are those of `landfall up`.',
        ),
    ).option(
      '--timeout <time>',
      'fail if they are not ready after this time (90s, 2m30s, 1h)',
      milliseconds,
    ),
    terminal,
  ).action(async (words: string[], options: WaitOptions) => {
    terminal.exitCode = await waitFor(words, options, terminal)
  })
}

async function waitFor(words: string[], options: WaitOptions, terminal: Terminal): Promise<number> {
  const display = displayFor(terminal)
  try {
    return await onServices({ words }, options, terminal, async (on) => {
      const { client, all, chosen, isNamed, signal } = on
      const verdict = await awaitRelease(
        {
          ...{ client, signal, probeAddress },
          onEvent: display.deploy,
          ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
        },
        all,
        isNamed ? [...new Set(chosen.map(workloadOf))] : undefined,
      )
      display.close()
      printVerdict(verdict, terminal)
      return verdict.state === 'ready' ? EXIT.done : EXIT.failed
    })
  } finally {
    display.close()
  }
}
