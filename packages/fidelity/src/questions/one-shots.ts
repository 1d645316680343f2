import { toPointer } from '@landfall/diagnostic'
import { runsOnceInPod } from '../cluster.ts'
import { answer, type Question } from '../question.ts'

/** Services whose completion another one waits for, and those that Compose itself calls jobs. */
export const oneShots: Question = {
  title: 'one-shots that run once',
  ask({ project: { services }, cluster }) {
    const waitedFor = new Set(
      Object.values(services).flatMap(({ depends_on = {} }) =>
        Object.entries(depends_on)
          .filter(([, { condition }]) => condition === 'service_completed_successfully')
          .map(([name]) => name),
      ),
    )
    return Object.entries(services).flatMap(([service, { deploy }]) => {
      const isJob = /-job$/.test(String(deploy?.mode ?? ''))
      if (!isJob && !waitedFor.has(service)) return []
      const program = cluster.programOf(service)
      return answer(
        toPointer(['services', service]),
        program !== undefined && (program.workload.kind === 'Job' || runsOnceInPod(program))
          ? undefined
          : `it is a ${program?.workload.kind ?? 'nothing'}`,
      )
    })
  },
}
