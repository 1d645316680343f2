import { posix } from 'node:path'
import type { Service } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Cluster, Program } from '../cluster.ts'
import { type Answer, answer, type Converted, type Question } from '../question.ts'
import { isHostLabel, legalForm, type PeerName, peerNames } from '../texts.ts'

/** The ports that the Compose file knows of a service. */
function declaredPorts({ ports = [], expose = [] }: Service): [number, string][] {
  const exposed = expose.map((port): [number, string] => {
    const [number = '', protocol = 'tcp'] = String(port).split('/')
    return [Number(number), protocol.toUpperCase()]
  })
  return [
    ...ports.map(({ target, protocol }): [number, string] => [target, protocol.toUpperCase()]),
    ...exposed.filter(([port]) => Number.isInteger(port)),
  ]
}

/** A name that resolves to the program and has each declared port. */
function whatIsLost(
  { name }: PeerName,
  program: Program,
  ports: readonly [number, string][],
  cluster: Cluster,
): string | undefined {
  const answers = isHostLabel(name)
    ? [name]
    : cluster
        .servicesOf(program)
        .map(({ metadata }) => metadata.name)
        // a long name is cut, and ends in a hash
        .filter((legal) =>
          legalForm(name).startsWith(legalForm(legal).replace(/(?<=.{50})-[0-9a-f]{6}$/, '')),
        )
  const resolved = answers.find((one) => cluster.reaches(one, program))
  if (resolved === undefined) return `${name} does not resolve to its pods`
  const closed = ports.find(
    ([port, protocol]) => !cluster.reaches(resolved, program, port, protocol),
  )
  return closed === undefined ? undefined : `${name}:${closed.join('/')} does not reach it`
}

/** A service that others can dial: one that has a network, and more to say than an exit code. */
function isDialled(
  { network_mode, ports, expose }: Service,
  program: Program | undefined,
): boolean {
  const runsOnce = program?.workload.kind === 'Job' && ports === undefined && expose === undefined
  return !runsOnce && (network_mode === undefined || network_mode === 'bridge')
}

function ask(
  { project, cluster }: Converted,
  which: (name: PeerName, service: Service) => boolean,
): Answer[] {
  const several = Object.keys(project.services).length > 1
  return peerNames(project).flatMap((name) => {
    const service = project.services[name.service] as Service
    const program = cluster.programOf(name.service)
    if (!several || !which(name, service) || !isDialled(service, program)) return []
    return answer(
      posix.join(toPointer(['services', name.service]), ...name.at.map(String)),
      program === undefined
        ? 'there is no pod of it'
        : whatIsLost(name, program, declaredPorts(service), cluster),
    )
  })
}

export const serviceNames: Question = {
  title: 'service names that resolve',
  ask: (converted) => ask(converted, ({ from }) => from === 'service'),
}

export const namesWithoutPorts: Question = {
  title: '… of services without ports',
  ask: (converted) =>
    ask(converted, ({ from }, { ports = [] }) => from === 'service' && ports.length === 0),
}

export const otherNames: Question = {
  title: 'container_name, hostname, alias and link names',
  ask: (converted) =>
    ask(converted, ({ from, name, service }) => from !== 'service' && name !== service),
}

export const remappedPorts: Question = {
  title: 'remapped ports on the container port',
  ask: ({ project, cluster }) =>
    Object.entries(project.services).flatMap(([service, { ports = [] }]) =>
      ports.flatMap(({ target, published, protocol }, index) => {
        if (published === undefined || published === String(target)) return []
        const program = cluster.programOf(service)
        const reached =
          program !== undefined &&
          cluster
            .servicesOf(program)
            .some(({ metadata }) =>
              cluster.reaches(metadata.name, program, target, protocol.toUpperCase()),
            )
        return answer(
          toPointer(['services', service, 'ports', index]),
          reached ? undefined : `${target} is not dialled as ${target}`,
        )
      }),
    ),
}
