import type { Service } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Cluster, Program } from '../cluster.ts'
import { answer, type Converted, type Question } from '../question.ts'
import { environmentOf, peerNames, seen } from '../texts.ts'

/** A host that a text dials, and the port where it says one. */
interface Address {
  host: string
  port: number | undefined
}

/** `db:5432`, `postgres://u:p@db/x`, or, where a host is asked for, a text that is nothing but a name. */
function addressesIn(text: string, wantsHost: boolean): Address[] {
  const found = [
    ...text.matchAll(/(?<![\w.-])([\w.-]+):(\d{1,5})(?![\w.])/g),
    ...text.matchAll(/:\/\/(?:[^\s@/]*@)?([\w.-]+)(?![\w.:-])/g),
    ...(wantsHost ? text.matchAll(/^([\w.-]+)$/g) : []),
  ]
  return found.map(([, host = '', port]) => ({
    host,
    port: port === undefined ? undefined : Number(port),
  }))
}

/** The texts of a service by the keys they stand under, beside those that its program sees. */
function textsOf(
  { environment = {}, command, entrypoint }: Service,
  program: Program,
  cluster: Cluster,
): [keys: string[], written: string, found: string][] {
  const variables = environmentOf(program, cluster)
  const words = (
    key: string,
    written: readonly string[] | null | undefined,
    found: string[] = [],
  ) =>
    (written ?? []).map((word, index): [string[], string, string] => [
      [key],
      word,
      seen(found[index] ?? '', variables),
    ])
  return [
    ...Object.entries(environment).map(([key, value]): [string[], string, string] => [
      ['environment', key],
      value ?? '',
      variables.get(key) ?? '',
    ]),
    ...words('entrypoint', entrypoint, program.container.command),
    ...words('command', command, program.container.args),
  ]
}

function reachesOwner(
  { port }: Address,
  owners: readonly string[],
  found: string,
  cluster: Cluster,
): boolean {
  return addressesIn(found, port === undefined).some(
    (dialled) =>
      dialled.port === port &&
      owners.some((owner) => {
        const target = cluster.programOf(owner)
        return target !== undefined && cluster.reaches(dialled.host, target, port)
      }),
  )
}

/** Variables that are given a host. */
const HOST_KEY = /host|server|url|addr|endpoint/i

/** Every address of a peer in an environment or a command: what the program is told must reach the same peer. */
export const addresses: Question = {
  title: 'addresses of other services that are reachable',
  ask({ project, cluster }: Converted) {
    const names = peerNames(project)
    return Object.entries(project.services).flatMap(([service, keys]) => {
      const program = cluster.programOf(service)
      if (program === undefined) return []
      return textsOf(keys, program, cluster).flatMap(([path, written, found]) =>
        addressesIn(written, HOST_KEY.test(path.join('_'))).flatMap((address) => {
          const owners = names
            .filter(
              ({ name, service: owner, from, at }) =>
                name === address.host &&
                owner !== service &&
                // a link is a name in the container that has it
                (from !== 'link' || at[1] === service),
            )
            .map(({ service }) => service)
          if (owners.length === 0) return []
          const told = `${address.host}${address.port === undefined ? '' : `:${address.port}`}`
          return answer(
            toPointer(['services', service, ...path]),
            reachesOwner(address, owners, found, cluster)
              ? undefined
              : `${told} does not reach ${owners[0]}`,
          )
        }),
      )
    })
  },
}
