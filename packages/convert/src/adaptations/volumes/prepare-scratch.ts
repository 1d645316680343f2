import type { Conversion } from '../../conversion.ts'
import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import { rootWith } from '../gates/gate-container.ts'
import { toolsImage } from '../image-content-seed/tools-image.ts'

/** Gives directories in memory the mode and the owner that they were asked for; an emptyDir is open to everybody. */
export function prepareScratch(conversion: Conversion, { from, pod }: WorkloadDraft): void {
  const wanted = from.plan.scratch.flatMap(({ mode, owner }, index) =>
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
      image: toolsImage(conversion),
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', commands.join(' && ')],
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', 'FOWNER']),
      volumeMounts: wanted.map(({ name }) => ({ name, mountPath: `/${name}` })),
    },
    ...(pod.spec.initContainers ?? []),
  ]
}
