import { basename } from 'node:path/posix'
import { type BundleDraft, containersOf } from '../../objects/bundle-draft.ts'
import type { FileMount, Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'
import { COMPLETE, completedWith } from './complete.ts'
import { deliveryOf, emptyDirectories } from './delivery.ts'

const PLACE = '/landfall'

/** The directory that the init container fills, one numbered directory a mount. */
export const COPIES = 'file-copies'

/** Modes that directories have anyway. */
const ORDINARY = 0o755

/**
 * Steps of three words each. A pod that comes back after its node went away runs them again over what is there.
 */
const HEAD = `set -e
umask 0
cd ${PLACE}
`

const COMPLETE_STEP = `    complete) complete "copies/$2" ;;
`

const STEPS = `while [ $# -gt 0 ]; do
  case $1 in
    copy) rm -rf "copies/$2"; cp -RL "files/$2" "copies/$2" ;;
    unpack) rm -rf "copies/$2"; mkdir "copies/$2"; cat "files/$2"/* | tar xzf - -C "copies/$2" ;;
    directory) mkdir -p "copies/$2"; chmod "$3" "copies/$2" ;;
${COMPLETE_STEP}    owner) chown -R "$3" "copies/$2" ;;
  esac
  shift 3
done
`

function stepsOfMount(mount: FileMount, index: number): string[] {
  const place = String(index)
  if (mount.fills !== undefined) return []
  const delivery = deliveryOf(mount)
  if (delivery === 'direct') return []
  const empty = new Set(emptyDirectories(mount))
  const directories = (mount.directories ?? []).flatMap(({ path, mode }) =>
    mode === ORDINARY && !empty.has(path)
      ? []
      : ['directory', path === '' ? place : `${place}/${path}`, mode.toString(8)],
  )
  return [
    ...(delivery === 'unpacked' ? ['unpack', place, '-'] : ['copy', place, '-', ...directories]),
    ...mount.files.flatMap(({ path, completed }) =>
      completed ? ['complete', `${place}/${path || basename(mount.target)}`, '-'] : [],
    ),
    ...(mount.owner === undefined ? [] : ['owner', place, mount.owner]),
  ]
}

function stepsOf({ files }: ServicePlan): string[] {
  return files.flatMap((mount, index) => stepsOfMount(mount, index))
}

/** The init container that copies and unpacks, if a mount of the service needs it. */
export function copyContainer(
  service: ServicePlan,
  { images }: Plan,
  files: string,
): NonNullable<PodPart['containers']> {
  if (stepsOf(service).length === 0) return []
  const mounts = [
    { name: files, mountPath: `${PLACE}/files`, readOnly: true },
    { name: COPIES, mountPath: `${PLACE}/copies` },
  ]
  return [{ phase: 'files', name: 'landfall-files', image: images.tools, mounts }]
}

function scriptOf({ fileValues }: ServicePlan): string {
  return fileValues.length === 0 ? HEAD + STEPS.replace(COMPLETE_STEP, '') : HEAD + COMPLETE + STEPS
}

export function buildCopies(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'files'))
    Object.assign(container, {
      command: ['sh', '-c', scriptOf(service), 'files', ...stepsOf(service)],
      ...(service.fileValues.length === 0 ? {} : { env: completedWith(service.fileValues) }),
      resources: { requests: { cpu: '5m', memory: '16Mi' } },
      securityContext: rootWith(['CHOWN', 'DAC_OVERRIDE', 'FOWNER']),
    })
}
