import { posix } from 'node:path'
import { isConfiguration, isOfMachine } from '../docker/configuration.ts'
import { type DockerMount, dockerMounts, isWithin, mountSeenAt } from '../docker/mounts.ts'
import { isSame, type Place, placeAt, told } from '../place.ts'
import { type Answer, answer, type Converted, type Question } from '../question.ts'

/** A bind that its container sees at its target. */
interface Bound extends DockerMount {
  host: string
  shown: string
}

const NO_POD = 'there is no pod of it'

function bindsOf(converted: Converted): Bound[] {
  const { directory } = converted
  return dockerMounts(converted).flatMap((mount) => {
    const { host, shown = host } = mount
    if (host === undefined || shown === undefined) return []
    const below = isWithin(shown, directory) ? posix.relative(directory, shown) : undefined
    return { ...mount, host, shown: below === undefined ? shown : (below && `./${below}`) || '.' }
  })
}

function placeOf({ cluster }: Converted, { service, target }: DockerMount): Place | undefined {
  const program = cluster.programOf(service)
  return program === undefined ? undefined : placeAt(program, target)
}

/** What a program writes to a bind is still there when its pod is another one. */
export const lastingBinds: Question = {
  title: 'writes to binds that outlive the pod',
  losesData: true,
  ask(converted) {
    return bindsOf(converted).flatMap((bind) => {
      if (bind.readOnly || isOfMachine(bind) || isConfiguration(bind, converted)) return []
      if (converted.cluster.programOf(bind.service) === undefined)
        return { at: bind.at, missing: NO_POD, names: [bind.shown] }
      const place = placeOf(converted, bind)
      const lasts = place !== undefined && ['claim', 'host', 'nfs'].includes(place.kind)
      return {
        ...answer(
          bind.at,
          lasts && !place.readOnly
            ? undefined
            : `${bind.service} writes ${bind.shown} at ${bind.target}, which is in ${told(place)}`,
        ),
        names: [bind.shown],
      }
    })
  },
}

/** What one program writes to a bind is what the others see of it, whichever part of it they mount. */
export const sharedBinds: Question = {
  title: 'binds that several see: one place',
  losesData: true,
  ask(converted) {
    const binds = bindsOf(converted).filter((bind) => !isOfMachine(bind))
    return binds.flatMap((writer) =>
      writer.readOnly || isConfiguration(writer, converted)
        ? []
        : binds.flatMap((other) => sharedPath(converted, binds, writer, other)),
    )
  },
}

function sharedPath(
  { cluster }: Converted,
  binds: readonly Bound[],
  writer: Bound,
  other: Bound,
): Answer[] {
  if (other === writer) return []
  const deeper = isWithin(other.host, writer.host) ? other : writer
  const upper = deeper === other ? writer : other
  if (!isWithin(deeper.host, upper.host)) return []
  const at = posix.join(upper.target, posix.relative(upper.host, deeper.host))
  // something else is mounted there, so it is not seen through the upper one
  if (mountSeenAt(binds, upper.service, at) !== upper) return []
  const [one, two] = [upper, deeper].map(({ service }) => cluster.programOf(service))
  const names = [upper.shown, deeper.shown]
  if (one === undefined || two === undefined) return [{ at: deeper.at, missing: NO_POD, names }]
  const [above, below] = [placeAt(one, at), placeAt(two, deeper.target)]
  const same = above !== undefined && below !== undefined && isSame(above, below)
  const missing = `${deeper.shown} is ${told(below)} for ${deeper.service} at ${deeper.target}, and ${told(above)} for ${upper.service} at ${at}`
  return [{ ...answer(deeper.at, same ? undefined : missing), names }]
}

/** Different directories of Docker's machine are different places. */
export const separateBinds: Question = {
  title: 'different binds and volumes: different places',
  losesData: true,
  ask(converted) {
    const mounts = dockerMounts(converted)
    const placed = mounts.flatMap((mount) => {
      const place = placeOf(converted, mount)
      return place?.kind === 'claim' ? [{ mount, place }] : []
    })
    return placed.flatMap(({ mount, place }, index) => {
      const mixed = placed
        .slice(0, index)
        .find(
          (other) =>
            other.place.of === place.of &&
            (isWithin(place.path, other.place.path) || isWithin(other.place.path, place.path)) &&
            !isRelated(mount, other.mount),
        )
      return answer(
        mount.at,
        mixed &&
          `${mount.service} at ${mount.target} and ${mixed.mount.service} at ${mixed.mount.target} are both ${told(place)}`,
      )
    })
  },
}

function isRelated(a: DockerMount, b: DockerMount): boolean {
  if (a.host !== undefined && b.host !== undefined)
    return isWithin(a.host, b.host) || isWithin(b.host, a.host)
  return a.volume !== undefined && a.volume === b.volume
}

/** A bind that is mounted read-only can be written by no program in its container. */
export const readOnlyMounts: Question = {
  title: 'read-only binds and volumes',
  ask(converted) {
    return dockerMounts(converted).flatMap((mount) => {
      const place = placeOf(converted, mount)
      if (!mount.readOnly || place === undefined) return []
      return answer(mount.at, place.readOnly ? undefined : `${mount.target} can be written`)
    })
  },
}

/** A bind of the machine is that of the node. */
export const machineBinds: Question = {
  title: 'binds of the machine',
  ask(converted) {
    return bindsOf(converted)
      .filter(isOfMachine)
      .map((bind) => {
        const place = placeOf(converted, bind)
        const kept = place !== undefined && place.kind !== 'pod'
        return answer(bind.at, kept ? undefined : `nothing of the machine is at ${bind.target}`)
      })
  },
}
