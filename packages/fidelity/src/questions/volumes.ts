import { toPointer } from '@landfall/diagnostic'
import { answer, type Question } from '../question.ts'

/** One claim a named volume, the same for all that mount it. */
export const namedVolumes: Question = {
  title: 'named volumes: one claim each, where they are mounted',
  ask({ project, cluster }) {
    const claims = new Map<string, string>()
    return Object.entries(project.services).flatMap(([service, { volumes = [] }]) =>
      volumes.flatMap(({ type, source, target }, index) => {
        if (type !== 'volume' || source === undefined) return []
        const found = cluster.programOf(service)?.files.mountAt(target)
        const claim = found?.volume.persistentVolumeClaim?.claimName
        const before = claims.get(source) ?? claim
        if (claim !== undefined) claims.set(source, claim)
        const missing =
          found?.mount.mountPath.replace(/(?<=.)\/+$/, '') !== target.replace(/(?<=.)\/+$/, '')
            ? `nothing is mounted at ${target}`
            : claim === undefined &&
                found?.volume.nfs === undefined &&
                found?.volume.emptyDir === undefined
              ? 'it is no claim'
              : claim !== before
                ? `${before} and ${claim} are two claims`
                : undefined
        return answer(toPointer(['services', service, 'volumes', index]), missing)
      }),
    )
  },
}
