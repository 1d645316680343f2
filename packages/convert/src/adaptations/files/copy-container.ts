import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addVolume, type Container } from '../../objects/pod.ts'
import type { FileMount } from '../../plan/plan.ts'
import { rootWith } from '../gates/gate-container.ts'
import { toolsImage } from '../image-content-seed/tools-image.ts'
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

function stepsOf(mount: FileMount, index: number, user: string | undefined): string[] {
  const place = String(index)
  if (mount.fills !== undefined) return ['fill', place, '-']
  const delivery = deliveryOf(mount)
  if (delivery === 'direct') return []
  const owner = mount.owner ?? (mount.writable === true ? user : undefined)
  const empty = new Set(emptyDirectories(mount))
  const directories = (mount.directories ?? []).flatMap(({ path, mode }) =>
    mode === ORDINARY && !empty.has(path)
      ? []
      : ['directory', path === '' ? place : `${place}/${path}`, mode.toString(8)],
  )
  return [
    ...(delivery === 'unpacked' ? ['unpack', place, '-'] : ['copy', place, '-', ...directories]),
    ...(owner === undefined ? [] : ['owner', place, owner]),
  ]
}

/** Who runs the program, where that is not root: what it may write is its own. */
function userOf({ image }: ServiceConversion, { securityContext }: Container): string | undefined {
  const { user = '', accounts } = image.facts
  const [name = '', group] = user.split(':')
  const account = accounts?.users[name]
  const uid = securityContext?.runAsUser ?? (/^\d+$/.test(name) ? Number(name) : account?.uid)
  if (uid === undefined || uid === 0) return undefined
  const ofImage = /^\d+$/.test(group ?? '') ? group : (account?.gid ?? 0)
  return `${uid}:${securityContext?.runAsGroup ?? ofImage}`
}

/** Adds the init container that copies and unpacks, where a mount of the pod wants it. */
export function addCopies(
  conversion: Conversion,
  { from, pod, program }: WorkloadDraft,
  files: string,
): void {
  const mounts = from.plan.files
  const user = userOf(from, program)
  const steps = mounts.flatMap((mount, index) => stepsOf(mount, index, user))
  if (steps.length === 0) return
  const container: Container = {
    name: 'landfall-files',
    image: toolsImage(conversion),
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', SCRIPT, 'files', ...steps],
    resources: { requests: { cpu: '5m', memory: '16Mi' } },
    securityContext: rootWith(['CHOWN', 'DAC_OVERRIDE', 'FOWNER']),
    volumeMounts: [
      { name: files, mountPath: `${PLACE}/files`, readOnly: true },
      { name: COPIES, mountPath: `${PLACE}/copies` },
      ...mounts.flatMap(({ fills }, index) =>
        from.plan.volumes
          .filter(({ volume }) => volume === fills)
          .slice(0, 1)
          .map(({ volume, subPath }) => ({
            name: podVolumeName(volume, from.plan.volumes),
            mountPath: `${PLACE}/volumes/${index}`,
            ...(subPath === undefined ? {} : { subPath }),
          })),
      ),
    ],
  }
  addVolume(pod, { name: COPIES, emptyDir: {} })
  pod.spec.initContainers = [container, ...(pod.spec.initContainers ?? [])]
}
