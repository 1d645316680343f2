import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import type { Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { smallContainer } from '../gates/gate-container.ts'

const OWN_NAMES = 'own-names'
const MOUNT = '/landfall/own-names'

/** What the kubelet has written, with `hostAliases`, and a line for the other names of the pod. */
const SCRIPT = `{ cat /etc/hosts && printf '%s\\t%s\\n' "$POD_IP" "$*"; } >${MOUNT}/hosts`

/**
 * A hosts file that leads the names of a pod to its own address: the kubelet, which writes the hostname alone, leaves
 * /etc/hosts as it is where something is mounted there. Not to 127.0.0.1: programs bind to their own names.
 */
export function hostsFile({ ownNames }: ServicePlan, { images }: Plan): PodPart {
  if (ownNames === undefined) return {}
  const name = OWN_NAMES
  return {
    volumes: [{ name, empty: { sizeLimit: '1Mi' } }],
    mounts: [{ name, mountPath: '/etc/hosts', subPath: 'hosts' }],
    containers: [
      { phase: 'names', name, image: images.gate, mounts: [{ name, mountPath: MOUNT }] },
    ],
  }
}

export function buildHostsFiles(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'names'))
    Object.assign(container, {
      ...smallContainer(['sh', '-c', SCRIPT, OWN_NAMES, ...(service.ownNames ?? [])]),
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    })
}
