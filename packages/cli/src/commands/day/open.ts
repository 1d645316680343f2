import { spawn } from 'node:child_process'
import { type Address, releaseAddresses } from '@landfall/deploy'
import type { Command } from 'commander'
import { probeAddress } from '../../cluster/address.ts'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { CommandFailed } from '../../errors.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { type OnServices, onServices } from './on-services.ts'

interface OpenOptions extends ProjectOptions, TargetOptions {
  print?: true
}

export function define(command: Command, terminal: Terminal): void {
  addTarget(
    addComposeOptions(command)
      .argument('[SERVICE...]', 'service; PROJECT may come before it')
      .usage('[options] [PROJECT] [SERVICE]')
      .description('Prints the address at which a service answers, and opens it in a browser.'),
  )
    .option('--print', 'only print the address')
    .action(async (words: string[], options: OpenOptions) => {
      terminal.exitCode = await open(words, options, terminal)
    })
}

function open(words: string[], options: OpenOptions, terminal: Terminal): Promise<number> {
  return onServices({ words }, options, terminal, async (on) => {
    const urls = [...(await routedUrls(on)), ...(await publishedUrls(on))]
    const [url] = urls
    if (url === undefined) throw nothingToOpen(on)
    terminal.stdout.write(`${url}\n`)
    if (options.print === undefined) browse(url)
    return EXIT.done
  })
}

async function publishedUrls({ client, all, chosen, signal }: OnServices): Promise<string[]> {
  const addresses = await releaseAddresses({ client, ...all.reference, probeAddress, signal })
  const isChosen = ({ service }: Address) => chosen.some((member) => member.service === service)
  return addresses
    .filter((address) => address.answered && isChosen(address) && /^https?:/.test(address.url))
    .map(({ url }) => url)
}

/** The addresses of the Ingresses that lead to the services. */
async function routedUrls({ client, all, chosen, signal }: OnServices): Promise<string[]> {
  const { namespace } = all.reference
  const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }
  const { items } = await client.list({ ...kind, namespace }, { signal })
  const names = new Set(chosen.flatMap(({ service, names }) => [service, ...names]))
  return items.flatMap(({ spec = {} }) => {
    const secure: string[] = (spec.tls ?? []).flatMap(
      ({ hosts }: { hosts?: string[] }) => hosts ?? [],
    )
    const rules: {
      host?: string
      http?: { paths?: { path?: string; backend?: { service?: { name: string } } }[] }
    }[] = spec.rules ?? []
    return rules.flatMap(({ host, http }) =>
      (http?.paths ?? [])
        .filter(({ backend }) => host !== undefined && names.has(backend?.service?.name ?? ''))
        .map(
          ({ path = '/' }) => `${secure.includes(host ?? '') ? 'https' : 'http'}://${host}${path}`,
        ),
    )
  })
}

function nothingToOpen({ chosen, isNamed }: OnServices): CommandFailed {
  const what = isNamed ? chosen.map(({ service }) => service).join(', ') : 'this release'
  return new CommandFailed(
    `no published port of ${what} answers with HTTP from here; \`landfall port-forward\` reaches all that the project publishes`,
  )
}

/** The program that opens an address, by platform. */
const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** A machine without a browser has the printed address. */
function browse(url: string): void {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? []
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
