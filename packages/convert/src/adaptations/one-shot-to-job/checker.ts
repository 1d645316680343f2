import { printWait } from '@landfall/kube'
import { type BundleDraft, containersOf } from '../../objects/bundle-draft.ts'
import type { ContainerMount, Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { loginEnvironment } from '../gates/effects/build-logins.ts'
import { gateProgram, listsVolume, readOnly, rootWith } from '../gates/gate-container.ts'
import { clientImage, plainWait } from '../gates/groups.ts'
import { TOKEN_MOUNT, TOKEN_VOLUME } from '../gates/permission.ts'

/** Looks of a checker after the program has ended, 0.2 s apart; then the Job's pod is tried again. */
const LOOKS = '25'

function doneList({ name }: ServicePlan): string {
  return `done-${name}`
}

/**
 * A program whose exit does not show whether its work is done gets a checker, which looks at the effect and whose exit
 * does: beside a program that never exits, after one that does. It may mark the Job as done, and nothing else.
 */
export function checkerPart(
  service: ServicePlan,
  plan: Plan,
  mounts: readonly ContainerMount[],
): PodPart {
  const { oneShot } = service
  if (oneShot?.check === undefined) return {}
  const { check } = oneShot
  const readsVolumes = plainWait(check.wait).kind === 'file'
  // Marking the Job needs curl.
  const marks = check.client === undefined
  const { volume, mount } = listsVolume('check', [doneList(service)])
  return {
    volumes: [volume, ...(marks ? [TOKEN_VOLUME] : [])],
    containers: [
      {
        phase: 'check',
        name: 'check-done',
        image: clientImage(check, plan),
        mounts: [mount, ...(marks ? [TOKEN_MOUNT] : []), ...(readsVolumes ? readOnly(mounts) : [])],
        ...(readsVolumes ? { readsVolumes } : {}),
        ...(check.login === undefined ? {} : { logins: [check.login] }),
      },
    ],
    permit: marks ? [{ job: service.service, verbs: ['patch'] }] : [],
  }
}

/** Reading volumes and ending the program take root: files and processes may belong to anybody. */
export function buildCheckers(draft: BundleDraft): void {
  for (const { plan, service, container } of containersOf(draft, 'check')) {
    const { check, neverExits } = service.oneShot ?? {}
    if (check !== undefined) draft.gateLists.set(doneList(service), `${printWait(check.wait)}\n`)
    const rights = [
      ...(plan.readsVolumes === true ? ['DAC_READ_SEARCH'] : []),
      ...(neverExits === true ? ['KILL'] : []),
    ]
    const fieldPath = "metadata.labels['batch.kubernetes.io/job-name']"
    Object.assign(container, {
      ...(neverExits === true ? gateProgram('end') : gateProgram('check', LOOKS)),
      env: [
        ...(check?.client === undefined
          ? [{ name: 'GATE_JOB', valueFrom: { fieldRef: { fieldPath } } }]
          : []),
        ...loginEnvironment(draft, plan.logins ?? []),
      ],
      ...(rights.length === 0 ? {} : { securityContext: rootWith(rights) }),
    })
  }
}
