import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addVolume, type Container } from '../../objects/pod.ts'
import type { FileMount, Plan } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'
import { podVolumeName } from '../volumes/pod-volume.ts'
import { deliveryOf, emptyDirectories } from './delivery.ts'

const PLACE = '/landfall'

/** The directory that the init container fills, one numbered directory a mount. */
export const COPIES = 'file-copies'

/** Modes that directories have anyway. */
const ORDINARY = 0o755

/**
 * Steps of three words each. A pod that comes back after its node went away runs them again over what is there; a volume
 * is filled once, and again where that was cut off.
 */
const SCRIPT = `set -e
umask 0
cd ${PLACE}
while [ $# -gt 0 ]; do
  case $1 in
    copy) rm -rf "copies/$2"; cp -RL "files/$2" "copies/$2" ;;
    unpack) rm -rf "copies/$2"; mkdir "copies/$2"; cat "files/$2"/* | tar xzf - -C "copies/$2" ;;
    directory) mkdir -p "copies/$2"; chmod "$3" "copies/$2" ;;
    owner) chown -R "$3" "copies/$2" ;;
    fill)
      mark=volumes/$2/.landfall-filling
      if [ -e "$mark" ] || [ -z "$(ls -A "volumes/$2" | grep -vx lost+found)" ]; then
        touch "$mark"; cat "files/$2"/* | tar xzf - -C "volumes/$2"; rm -f "$mark"
      fi ;;
  esac
  shift 3
done
`

function stepsOf(mount: FileMount, index: number): string[] {
  const place = String(index)
  if (mount.fills !== undefined) return ['fill', place, '-']
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
    ...(mount.owner === undefined ? [] : ['owner', place, mount.owner]),
  ]
}

/** Adds the init container that copies and unpacks, where a mount of the pod wants it. */
export function addCopies(
  { tools }: Plan['images'],
  { plan, pod }: WorkloadDraft,
  files: string,
): void {
  const mounts = plan.files
  const steps = mounts.flatMap((mount, index) => stepsOf(mount, index))
  if (steps.length === 0) return
  const container: Container = {
    name: 'landfall-files',
    image: tools,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', SCRIPT, 'files', ...steps],
    resources: { requests: { cpu: '5m', memory: '16Mi' } },
    securityContext: rootWith(['CHOWN', 'DAC_OVERRIDE', 'FOWNER']),
    volumeMounts: [
      { name: files, mountPath: `${PLACE}/files`, readOnly: true },
      { name: COPIES, mountPath: `${PLACE}/copies` },
      ...mounts.flatMap(({ fills }, index) =>
        plan.volumes
          .filter(({ volume }) => volume === fills)
          .slice(0, 1)
          .map(({ volume, subPath }) => ({
            name: podVolumeName(volume, plan.volumes),
            mountPath: `${PLACE}/volumes/${index}`,
            ...(subPath === undefined ? {} : { subPath }),
          })),
      ),
    ],
  }
  addVolume(pod, { name: COPIES, emptyDir: {} })
  pod.spec.initContainers = [container, ...(pod.spec.initContainers ?? [])]
}
