import type { BundleDraft, WorkloadDraft } from '../../bundle-draft.ts'
import type { Conversion } from '../../conversion.ts'
import type { Container, SecurityContext } from '../../pod.ts'
import { gateContainer } from '../gates/gate-container.ts'
import { effectLine } from '../gates/waits.ts'

/** Looks of a checker after the program has ended, 0.2 s apart; then the Job's pod is tried again. */
const LOOKS = '25'

/**
 * A program whose exit does not tell whether its work is done gets a checker, which looks at the effect and whose exit
 * does: beside a program that never exits, after one that does.
 */
export function addChecker(
  draft: BundleDraft,
  conversion: Conversion,
  { from, pod, program }: WorkloadDraft,
): void {
  const { oneShot, name } = from.plan
  const line =
    oneShot?.doneWhen === undefined ? undefined : effectLine(conversion, oneShot.doneWhen)
  if (oneShot === undefined || line === undefined) return
  const list = `done-${name}`
  draft.gateLists.set(list, `${line}\n`)
  const checker = gateContainer(conversion, pod, 'check-done', [list], {
    volume: 'check',
    mode: oneShot.neverExits ? ['end'] : ['check', LOOKS],
  })
  const readsFiles = oneShot.doneWhen?.file !== undefined
  if (readsFiles) mountReadOnly(checker, program)
  const capabilities = [
    ...(readsFiles ? ['DAC_READ_SEARCH'] : []),
    ...(oneShot.neverExits ? ['KILL'] : []),
  ]
  if (capabilities.length > 0) checker.securityContext = rootWith(capabilities)
  if (oneShot.neverExits) {
    program.restartPolicy = 'Always'
    // The checker ends the program itself: the kubelet would give a sidecar two seconds at least.
    pod.spec.shareProcessNamespace = true
  }
  pod.spec.initContainers = [...(pod.spec.initContainers ?? []), program]
  pod.spec.containers = [checker]
}

function mountReadOnly(checker: Container, program: Container): void {
  const mounts = (program.volumeMounts ?? []).map((mount) => ({ ...mount, readOnly: true }))
  checker.volumeMounts = [...(checker.volumeMounts ?? []), ...mounts]
}

/** Root without rights but these: files and processes of the program may belong to anybody. */
function rootWith(capabilities: string[]): SecurityContext {
  return {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: capabilities },
  }
}
