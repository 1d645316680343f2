import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Plan } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'

/** Gives directories in memory their declared mode and owner; an emptyDir is open to everybody. */
export function prepareScratch({ tools }: Plan['images'], { plan, pod }: WorkloadDraft): void {
  const wanted = plan.scratch.flatMap(({ mode, owner }, index) =>
    mode === undefined && owner === undefined ? [] : [{ mode, owner, name: `scratch-${index}` }],
  )
  if (wanted.length === 0) return
  const commands = wanted.flatMap(({ mode, owner, name }) => [
    ...(owner === undefined ? [] : [`chown ${owner} /${name}`]),
    ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} /${name}`]),
  ])
  pod.spec.initContainers = [
    {
      name: 'landfall-scratch',
      image: tools,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', commands.join(' && ')],
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', 'FOWNER']),
      volumeMounts: wanted.map(({ name }) => ({ name, mountPath: `/${name}` })),
    },
    ...(pod.spec.initContainers ?? []),
  ]
}
