import type { Conversion } from '../../conversion.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { gateContainer, readVolumes, rootWith } from '../gates/gate-container.ts'
import { permitMark } from '../gates/permission.ts'
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
  workload: WorkloadDraft,
): void {
  const { from, pod, program } = workload
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
  permitMark(draft, conversion, workload, checker)
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
