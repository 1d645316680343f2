import { type BundleDraft, containersOf } from '../../objects/bundle-draft.ts'
import type { Plan, PodPart, ScratchMount, ServicePlan } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'

/** Name of the volume of an empty directory, by its number. */
export function scratchName(index: number): string {
  return `scratch-${index}`
}

/** Directories with a mode or an owner, each with the name of its volume. */
function prepared({ scratch }: ServicePlan): (ScratchMount & { name: string })[] {
  return scratch
    .map((mount, index) => ({ ...mount, name: scratchName(index) }))
    .filter(({ mode, owner }) => mode !== undefined || owner !== undefined)
}

/** The init container that prepares them, if there are any. */
export function scratchContainer(
  service: ServicePlan,
  { images }: Plan,
): NonNullable<PodPart['containers']> {
  const mounts = prepared(service).map(({ name }) => ({ name, mountPath: `/${name}` }))
  if (mounts.length === 0) return []
  return [{ phase: 'scratch', name: 'landfall-scratch', image: images.tools, mounts }]
}

/** Gives directories in memory their declared mode and owner; an emptyDir is open to everybody. */
export function prepareScratch(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'scratch')) {
    const commands = prepared(service).flatMap(({ mode, owner, name }) => [
      ...(owner === undefined ? [] : [`chown ${owner} /${name}`]),
      ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} /${name}`]),
    ])
    Object.assign(container, {
      command: ['sh', '-c', commands.join(' && ')],
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', 'FOWNER']),
    })
  }
}
