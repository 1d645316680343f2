import type { Socket } from 'node:net'
import { forwardedPorts, type Member } from '@landfall/deploy'
import { isRefusal, type KubeClient } from '@landfall/kube'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { table } from '../../display/table.ts'
import { oneLine } from '../../display/words.ts'
import { CommandFailed, UsageError } from '../../errors.ts'
import { listenAt, PortTakenError } from '../../forward/listen.ts'
import { pipe } from '../../forward/pipe.ts'
import { podConnections } from '../../forward/pod-connections.ts'
import {
  type PortWord,
  readPortWord,
  type WantedPort,
  wantedPorts,
} from '../../forward/wanted-ports.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { type OnServices, onServices } from './on-services.ts'

interface ForwardOptions extends ProjectOptions, TargetOptions {
  address?: string
  freePorts?: true
}

export function define(command: Command, terminal: Terminal): void {
  addTarget(
    addComposeOptions(command)
      .argument('[SERVICE...]', 'services, or their ports; PROJECT may come before them')
      .usage('[options] [PROJECT] [SERVICE[:[LOCAL:]PORT]...]')
      .description(
        'Makes the ports that the project publishes reachable on this machine, under the same numbers, until Ctrl-C.',
      ),
  )
    .option('--address <address>', 'address on which to listen (default: 127.0.0.1)')
    .option('--free-ports', 'where a port is taken on this machine, use a free one')
    .addHelpText(
      'after',
      `
Also ports that the cluster does not expose, such as 127.0.0.1:5432:5432; a port that is not published is reached by its
number: redis:6379. Connections go to ready pods; when these are replaced, new connections go to the new ones.`,
    )
    .action(async (words: string[], options: ForwardOptions) => {
      terminal.exitCode = await portForward(words, options, terminal)
    })
}

function portForward(
  words: string[],
  options: ForwardOptions,
  terminal: Terminal,
): Promise<number> {
  const nameIn = (word: string): string => readPortWord(word).name
  return onServices({ words, nameIn }, options, terminal, async (on, names) => {
    const wanted = portsFor(on, names.map(readPortWord), options, terminal)
    const failed = new AbortController()
    const signal = AbortSignal.any([on.signal, failed.signal])
    const connect = podConnections(on.client, on.all.reference.namespace, signal)
    const report = reporter(terminal, (error) => failed.abort(error))
    const onConnection = (port: WantedPort) => (local: Socket) => {
      signal.addEventListener('abort', () => local.destroy(), { once: true })
      void connectAndPipe(local, () => connect(port.member, port.port)).catch((error) => {
        if (!signal.aborted) report(port, error)
      })
    }
    const open = await listenAtAll(wanted, options, onConnection)
    terminal.stdout.write(`${table(open.map(rowOf))}\n`)
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    for (const { server } of open) server.close()
    if (failed.signal.aborted) throw failed.signal.reason
    return EXIT.interrupted
  })
}

async function connectAndPipe(
  local: Socket,
  connect: () => ReturnType<KubeClient['portForward']>,
): Promise<void> {
  try {
    await pipe(local, await connect())
  } catch (error) {
    if (!local.destroyed) local.resetAndDestroy()
    throw error
  }
}

function portsFor(
  { all, chosen, isNamed }: OnServices,
  named: readonly PortWord[],
  { address }: ForwardOptions,
  terminal: Terminal,
): WantedPort[] {
  const words: PortWord[] = isNamed ? [...named] : chosen.map(({ service }) => ({ name: service }))
  const withName = ({ name }: PortWord) =>
    chosen.find(({ service }) => service === name) ??
    chosen.find(({ names }) => names.includes(name))
  const given = words.flatMap((word) => {
    const member = withName(word)
    if (member === undefined) return []
    return [{ word, member, published: forwardedPorts(all, [member]) }]
  })
  for (const { word, member, published } of given)
    if (isNamed && word.port === undefined && published.length === 0)
      throw new UsageError(`${member.service} publishes no port`, portHint(member))
  const { wanted, udp } = wantedPorts(given, address)
  for (const { member, published, protocol } of udp)
    terminal.stderr.write(
      `${member.service} ${published}/${protocol} is not forwarded: Kubernetes forwards TCP only\n`,
    )
  if (wanted.length === 0)
    throw new CommandFailed('there is no published TCP port; SERVICE:PORT reaches any other')
  return wanted
}

function portHint({ service, workload }: Member): string {
  const containers: { ports?: { containerPort: number }[] }[] =
    workload.spec?.template?.spec?.containers ?? []
  const [port] = containers.flatMap(({ ports }) => ports ?? [])
  return `a port of its container: landfall port-forward ${service}:${port?.containerPort ?? 'PORT'}`
}

type Open = WantedPort & { bound: number; server: Awaited<ReturnType<typeof listenAt>>['server'] }

/** All of them, or none: throws a UsageError with a choice for each that is taken. */
async function listenAtAll(
  wanted: readonly WantedPort[],
  { freePorts }: ForwardOptions,
  onConnection: (port: WantedPort) => (local: Socket) => void,
): Promise<Open[]> {
  const open: Open[] = []
  const taken: { error: PortTakenError; port: WantedPort }[] = []
  for (const port of wanted)
    try {
      const { port: bound, server } = await listenAt(port.local, onConnection(port))
      open.push({ ...port, bound, server })
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error
      taken.push({ error, port })
    }
  if (freePorts)
    for (const { port } of taken.splice(0)) {
      const { port: bound, server } = await listenAt({ ...port.local, port: 0 }, onConnection(port))
      open.push({ ...port, bound, server })
    }
  if (taken.length === 0) return open
  for (const { server } of open) server.close()
  const choices = taken.map(({ port }) => `${port.member.service}:LOCAL:${port.port}`)
  throw new UsageError(
    taken.map(({ error, port }) => `${error.message} (${port.member.service})`).join('; '),
    `--free-ports uses free ones, or name one: ${choices.join(' ')}`,
  )
}

function rowOf({ local, bound, member, port }: Open): string[] {
  const host = local.address.includes(':') ? `[${local.address}]` : local.address
  return [`${host}:${bound}`, '→', `${member.service}:${port}`]
}

/** One line for each problem of a port until it changes; a missing right ends the command. */
function reporter(
  { stderr }: Terminal,
  onFinal: (error: unknown) => void,
): (port: WantedPort, error: unknown) => void {
  const reported = new Map<string, string>()
  return ({ member, port }, error) => {
    if (['Forbidden', 'Unauthorized'].some((one) => isRefusal(error, one))) return onFinal(error)
    const key = `${member.service}:${port}`
    const text = oneLine(error instanceof Error ? error.message : String(error))
    if (reported.get(key) !== text) stderr.write(`${key}: ${text}\n`)
    reported.set(key, text)
  }
}
