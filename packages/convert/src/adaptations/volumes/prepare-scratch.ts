import { type BundleDraft, containersOf } from '../../objects/bundle-draft.ts'
import type { Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'
import { podVolumeName } from './pod-volume.ts'

/** Name of the volume of an empty directory, by its number. */
export function scratchName(index: number): string {
  return `scratch-${index}`
}

/** A volume in which a directory gets its owner and mode, and the command that does it. */
interface Prepared {
  name: string
  command: string
}

/** Directories in memory with a declared mode or owner; an emptyDir is open to everybody. */
function preparedScratch({ scratch }: ServicePlan): Prepared[] {
  return scratch.flatMap(({ mode, owner }, index) => {
    const name = scratchName(index)
    const commands = [
      ...(owner === undefined ? [] : [`chown ${owner} /${name}`]),
      ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} /${name}`]),
    ]
    return commands.length === 0 ? [] : [{ name, command: commands.join(' && ') }]
  })
}

/**
 * Makes a directory of a claim for a program that is not root. One that has another owner already stays as it is; where the storage
 * does not let root change an owner (NFS), the program finds what the storage has.
 */
const CLAIMED =
  'claimed() { mkdir -p "$3" && if test "$(stat -c %u "$3")" = 0; then chmod "$2" "$3" && chown "$1" "$3" || true; fi; }'

function preparedStorage({ volumes }: ServicePlan): Prepared[] {
  return volumes.flatMap(({ volume, subPath = '', prepared }) => {
    if (prepared === undefined) return []
    const name = podVolumeName(volume, volumes)
    const path = `'/${name}/${subPath.replaceAll("'", "'\\''")}'`
    return [{ name, command: `claimed ${prepared.owner} ${prepared.mode.toString(8)} ${path}` }]
  })
}

function preparedBy(service: ServicePlan): Prepared[] {
  return [...preparedScratch(service), ...preparedStorage(service)]
}

/** The init container that prepares directories, if there are any. */
export function scratchContainer(
  service: ServicePlan,
  { images }: Plan,
): NonNullable<PodPart['containers']> {
  const names = new Set(preparedBy(service).map(({ name }) => name))
  if (names.size === 0) return []
  const mounts = [...names].map((name) => ({ name, mountPath: `/${name}` }))
  return [{ phase: 'scratch', name: 'landfall-scratch', image: images.tools, mounts }]
}

/** Gives directories their mode and owner before the program starts. */
export function prepareScratch(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'scratch')) {
    const claimed = preparedStorage(service).length > 0
    const script = preparedBy(service).map(({ command }) => command)
    Object.assign(container, {
      command: ['sh', '-c', `${claimed ? `${CLAIMED}; ` : ''}${script.join(' && ')}`],
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', ...(claimed ? ['DAC_OVERRIDE'] : []), 'FOWNER']),
    })
  }
}
