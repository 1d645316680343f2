import {
  COMPOSE_SERVICE_ANNOTATION,
  FORWARDED_ANNOTATION,
  PUBLISHED_ANNOTATION,
} from '@landfall/kube'
import type { Member, Members } from './members.ts'

/** A port that the project publishes. */
export interface ForwardedPort {
  member: Member
  /** The address of the host that the project names; undefined for all. */
  address?: string
  /** The port that the project publishes it as. */
  published: number
  /** The container port. */
  port: number
  protocol: string
}

/** `[host:]first[-last]:first[-last]/protocol`, as in the annotations of published ports. */
const ENTRY =
  /^(?:(?:\[([^\]]+)\]|([^:[\]]*[^:[\]\d-][^:[\]]*)):)?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-\d+)?(?:\/(\w+))?\??$/

/** Every port that these services publish, wherever the cluster exposes it, in the order of the services. */
export function forwardedPorts(
  { services, workloads }: Pick<Members, 'services' | 'workloads'>,
  members: readonly Member[],
): ForwardedPort[] {
  const published = services.flatMap(({ metadata: { annotations = {}, name } }) =>
    entriesOf(annotations[PUBLISHED_ANNOTATION]).map((entry) => ({
      service: annotations[COMPOSE_SERVICE_ANNOTATION] ?? name,
      entry,
    })),
  )
  const others = workloads.flatMap(({ metadata }) =>
    entriesOf(metadata.annotations?.[FORWARDED_ANNOTATION]).map((text) => {
      const at = text.indexOf('=')
      return { service: text.slice(0, at), entry: text.slice(at + 1) }
    }),
  )
  const all = [...published, ...others]
  return members.flatMap((member) =>
    all
      .filter(({ service }) => service === member.service)
      .flatMap(({ entry }) => portsOf(entry).map((port) => ({ member, ...port }))),
  )
}

function entriesOf(annotation: string | undefined): string[] {
  return (annotation ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

function portsOf(entry: string): Omit<ForwardedPort, 'member'>[] {
  const match = ENTRY.exec(entry)
  if (match === null) return []
  const [, six, other, first, last, target = '', protocol = 'tcp'] = match
  const address = six ?? other
  const begin = Number(first ?? target)
  const count = last === undefined ? 1 : Number(last) - begin + 1
  return Array.from({ length: Math.max(0, count) }, (_, at) => ({
    ...(address === undefined ? {} : { address }),
    published: begin + at,
    port: Number(target) + at,
    protocol: protocol.toLowerCase(),
  }))
}
