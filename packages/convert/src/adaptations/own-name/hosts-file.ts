import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addMount, addVolume } from '../../objects/pod.ts'
import type { Plan } from '../../plan/plan.ts'
import { smallContainer } from '../gates/gate-container.ts'

const OWN_NAMES = 'own-names'
const MOUNT = '/landfall/own-names'

/** What the kubelet has written, with `hostAliases`, and a line for the other names of the pod. */
const SCRIPT = `{ cat /etc/hosts && printf '%s\\t%s\\n' "$POD_IP" "$*"; } >${MOUNT}/hosts`

/**
 * A hosts file that leads the names of a pod to its own address: the kubelet, which writes the hostname alone, leaves
 * /etc/hosts as it is where something is mounted there. Not to 127.0.0.1: programs bind to their own names.
 */
export function buildOwnNames(
  images: Plan['images'],
  { plan: { ownNames }, pod, program }: WorkloadDraft,
): void {
  if (ownNames === undefined) return
  addVolume(pod, { name: OWN_NAMES, emptyDir: { sizeLimit: '1Mi' } })
  pod.spec.initContainers = [
    ...(pod.spec.initContainers ?? []),
    {
      ...smallContainer(images, OWN_NAMES, ['sh', '-c', SCRIPT, OWN_NAMES, ...ownNames]),
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
      volumeMounts: [{ name: OWN_NAMES, mountPath: MOUNT }],
    },
  ]
  addMount(program, { name: OWN_NAMES, mountPath: '/etc/hosts', subPath: 'hosts' })
}
