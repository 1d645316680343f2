import { printWait } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { gateContainer, readVolumes, rootWith } from '../gates/gate-container.ts'
import { permitMark } from '../gates/permission.ts'

/** Looks of a checker after the program has ended, 0.2 s apart; then the Job's pod is tried again. */
const LOOKS = '25'

/**
 * A program whose exit does not tell whether its work is done gets a checker, which looks at the effect and whose exit
 * does: beside a program that never exits, after one that does.
 */
export function addChecker(draft: BundleDraft, workload: WorkloadDraft): void {
  const { pod, program } = workload
  const { oneShot, name } = workload.plan
  if (oneShot?.check === undefined) return
  const list = `done-${name}`
  draft.gateLists.set(list, `${printWait(oneShot.check)}\n`)
  const checker = gateContainer(draft.plan.images, pod, 'check-done', [list], {
    volume: 'check',
    mode: oneShot.neverExits ? ['end'] : ['check', LOOKS],
  })
  permitMark(draft, workload, checker)
  const kill = oneShot.neverExits ? ['KILL'] : []
  if (oneShot.doneWhen?.file !== undefined)
    readVolumes(checker, program, ['DAC_READ_SEARCH', ...kill])
  else if (oneShot.neverExits) checker.securityContext = rootWith(kill)
  if (oneShot.neverExits) {
    program.restartPolicy = 'Always'
    // The checker ends the program itself: the kubelet would give a sidecar two seconds at least.
    pod.spec.shareProcessNamespace = true
  }
  pod.spec.initContainers = [...(pod.spec.initContainers ?? []), program]
  pod.spec.containers = [checker]
}
