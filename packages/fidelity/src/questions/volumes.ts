import { type DockerMount, dockerMounts, isWithin } from '../docker/mounts.ts'
import { isSame, type Place, placeAt, told } from '../place.ts'
import { answer, type Question } from '../question.ts'

/** One claim a named volume, the same part of it for all that mount the same part. */
export const namedVolumes: Question = {
  title: 'named volumes: one claim each, where they are mounted',
  losesData: true,
  ask(converted) {
    const known = new Map<string, Place>()
    return dockerMounts(converted).flatMap((mount) => {
      const { service, target, volume, part, anonymous } = mount
      if (volume === undefined || anonymous) return []
      const program = converted.cluster.programOf(service)
      const found = program?.files.mountAt(target)
      const place = program === undefined ? undefined : placeAt(program, target)
      const before = known.get(`${volume}/${part}`) ?? place
      if (place !== undefined) known.set(`${volume}/${part}`, place)
      const missing =
        found?.mount.mountPath.replace(/(?<=.)\/+$/, '') !== target
          ? `nothing is mounted at ${target}`
          : place === undefined || !keeps(place, mount, converted.project.volumes ?? {})
            ? `it is ${told(place)}`
            : before === undefined || !isSame(place, before)
              ? `${told(before)} and ${told(place)} are two places`
              : undefined
      return { ...answer(mount.at, missing), names: [volume] }
    })
  },
}

/** A volume in memory ends with the machine under Docker too. */
function keeps(
  place: Place,
  { volume = '' }: DockerMount,
  volumes: Record<string, { driver_opts?: unknown } | null>,
): boolean {
  const { type } = (volumes[volume]?.driver_opts ?? {}) as { type?: string }
  return type === 'tmpfs' || ['claim', 'nfs', 'host'].includes(place.kind)
}

/** Directories that a build makes and that anonymous volumes keep from being hidden, and those that may be empty at any time. */
const BUILT =
  /^(\/var)?\/(cache|run|tmp)\/|\/(node_modules|vendor|\.venv|venv|\.next|\.nuxt|\.cache|dist|build|target|__pycache__|\.gradle)$/

/** Docker keeps an anonymous volume when the container is replaced; one below another mount only hides a part of that. */
export const lastingVolumes: Question = {
  title: 'anonymous volumes that outlive the pod',
  losesData: true,
  ask(converted) {
    const mounts = dockerMounts(converted)
    return mounts.flatMap((mount) => {
      const { service, target, anonymous, at } = mount
      const hides = mounts.some(
        (other) => other !== mount && other.service === service && isWithin(target, other.target),
      )
      if (!anonymous || hides || BUILT.test(target)) return []
      const program = converted.cluster.programOf(service)
      const place = program === undefined ? undefined : placeAt(program, target)
      const kept = place !== undefined && place.kind !== 'pod'
      return {
        ...answer(at, kept ? undefined : `${service} writes ${target}, which is ${told(place)}`),
        names: [target],
      }
    })
  },
}
