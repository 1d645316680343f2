import { GATE_PREFIX, toDnsLabel } from '@landfall/kube'
import {
  addVolume,
  type Container,
  type PodTemplate,
  type SecurityContext,
} from '../../objects/pod.ts'
import type { Gate, Plan } from '../../plan/plan.ts'

/** The ConfigMap that holds the script and every list. */
export const GATES = 'landfall-gates'

const MOUNT = '/landfall/gate'
const LONGEST_NAME = 63

/** What a gate waits for, readable in `kubectl get pod` and `kubectl logs -c`. */
export function gateName(gates: readonly Gate[]): string {
  const names = [...new Set(gates.map(({ on }) => toDnsLabel(on)))]
  for (let shown = names.length; shown > 0; shown--) {
    const rest = names.length - shown
    const name = `${GATE_PREFIX}${names.slice(0, shown).join('-')}${rest === 0 ? '' : `-and-${rest}-more`}`
    if (name.length <= LONGEST_NAME) return name
  }
  return `${GATE_PREFIX}${names.length}`
}

/** Whether a container holds its pod back. */
export function isGate({ command }: Container): boolean {
  return command?.[1] === `${MOUNT}/gate.sh` && command[2] === 'wait'
}

/** A container that runs the gate's script over some lists of the ConfigMap. Adds the volume with them to the pod. */
export function gateContainer(
  images: Plan['images'],
  pod: PodTemplate,
  name: string,
  lists: readonly string[],
  { volume, mode }: { volume: 'gate' | 'check'; mode: readonly string[] },
): Container {
  addVolume(pod, {
    name: volume,
    configMap: {
      name: GATES,
      items: [
        { key: 'gate.sh', path: 'gate.sh' },
        ...lists.map((list) => ({ key: list, path: `waits/${list}` })),
      ],
    },
  })
  const [verb = 'wait', ...rest] = mode
  return {
    ...smallContainer(images, name, ['sh', `${MOUNT}/gate.sh`, verb, `${MOUNT}/waits`, ...rest]),
    volumeMounts: [{ name: volume, mountPath: MOUNT, readOnly: true }],
  }
}

/** A container without any rights, in the image of the gates. */
export function smallContainer(
  { gate }: Plan['images'],
  name: string,
  command: string[],
): Container {
  return {
    name,
    image: gate,
    imagePullPolicy: 'IfNotPresent',
    command,
    resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      runAsUser: 100,
      runAsGroup: 101,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }
}

/**
 * Lets a gate look at files of the volumes of a program, read-only and as root with these rights alone: files and
 * processes may belong to anybody.
 */
export function readVolumes(
  gate: Container,
  program: Container,
  capabilities: readonly string[] = ['DAC_READ_SEARCH'],
): void {
  const volumes = (program.volumeMounts ?? []).map((mount) => ({ ...mount, readOnly: true }))
  gate.volumeMounts = [...(gate.volumeMounts ?? []), ...volumes]
  gate.securityContext = rootWith(capabilities)
}

/** Root without rights but these. */
export function rootWith(capabilities: readonly string[]): SecurityContext {
  return {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: [...capabilities] },
  }
}
