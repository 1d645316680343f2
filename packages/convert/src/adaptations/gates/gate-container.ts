import { GATE_PREFIX, toDnsLabel } from '@landfall/kube'
import type { Container, SecurityContext, Volume } from '../../objects/pod.ts'
import type { ContainerMount, Gate, PodVolume } from '../../plan/plan.ts'

/** The ConfigMap that holds the script and every list. */
export const GATES = 'landfall-gates'

const MOUNT = '/landfall/gate'
const LONGEST_NAME = 63

/** What a gate waits for, readable in `kubectl get pod` and `kubectl logs -c`. */
export function gateName(gates: readonly Pick<Gate, 'on'>[]): string {
  const names = [...new Set(gates.map(({ on }) => toDnsLabel(on)))]
  for (let shown = names.length; shown > 0; shown--) {
    const rest = names.length - shown
    const name = `${GATE_PREFIX}${names.slice(0, shown).join('-')}${rest === 0 ? '' : `-and-${rest}-more`}`
    if (name.length <= LONGEST_NAME) return name
  }
  return `${GATE_PREFIX}${names.length}`
}

/** The volume with some lists of the ConfigMap, and its mount. */
export function listsVolume(
  name: string,
  lists: string[],
): { volume: PodVolume; mount: ContainerMount } {
  return { volume: { name, lists }, mount: { name, mountPath: MOUNT, readOnly: true } }
}

/** The source of such a volume. */
export function listsSource(lists: readonly string[]): Omit<Volume, 'name'> {
  return {
    configMap: {
      name: GATES,
      items: [
        { key: 'gate.sh', path: 'gate.sh' },
        ...lists.map((list) => ({ key: list, path: `waits/${list}` })),
      ],
    },
  }
}

/** What runs the gate's script over the lists that are mounted. */
export function gateProgram(verb: 'wait' | 'end' | 'check', ...more: string[]): Small {
  return smallContainer(['sh', `${MOUNT}/gate.sh`, verb, `${MOUNT}/waits`, ...more])
}

type Small = Pick<Container, 'command' | 'resources' | 'securityContext'>

/** A container without any rights, in the image of the gates. */
export function smallContainer(command: string[]): Small {
  return {
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
 * The mounts of a program for a gate that looks at files of its volumes, read-only. It does so as root with the right
 * to read alone: files may belong to anybody.
 */
export function readOnly(mounts: readonly ContainerMount[]): ContainerMount[] {
  return mounts.map((mount) => ({ ...mount, readOnly: true }))
}

/** Root without rights but these. */
export function rootWith(capabilities: readonly string[]): SecurityContext {
  return {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: {
      drop: ['ALL'],
      ...(capabilities.length === 0 ? {} : { add: [...capabilities] }),
    },
  }
}
