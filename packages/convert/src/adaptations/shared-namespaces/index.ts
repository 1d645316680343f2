import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/declared-one-shot.ts'
import { isOnNode } from '../../facts/networks.ts'
import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import { planOnePod } from './one-pod-plan.ts'

const id = 'shared-namespaces'

const LOST_HOST: Readonly<Record<'network' | 'pid' | 'ipc', string>> = {
  network: 'the program would be in the network of its pod: localhost is the pod alone',
  pid: 'the program would not see the processes of its node',
  ipc: 'the program would not share memory with its node',
}

const KEYS = { network: 'network_mode', pid: 'pid', ipc: 'ipc' } as const

function noteHost(service: ServiceConversion): void {
  const { compose, settings, note } = service
  for (const kind of ['network', 'pid', 'ipc'] as const) {
    if (compose[KEYS[kind]] !== 'host') continue
    if (kind === 'pid' && !mayHaveProcesses(service))
      note(id, ['pid'], 'dropped', 'what ends this one-shot ends every process that it sees', {
        dangerous: true,
        hint: 'accept it if the program works without',
      })
    else if (settings.host?.[kind] === true)
      note(id, [KEYS[kind]], 'kept', 'that of its node, as landfall.yaml allows')
    else
      note(id, [KEYS[kind]], 'dropped', LOST_HOST[kind], {
        dangerous: true,
        hint: `allow it: services.${service.service}.host.${kind}: true in landfall.yaml; or accept it if the program works without`,
      })
  }
}

/** The checker of a one-shot that never exits ends the processes beside it: those of a node it must never see. */
function mayHaveProcesses({ settings }: ServiceConversion): boolean {
  return declaredOneShot(settings)?.neverExits !== true
}

/** Modes that a pod has by itself, and those that it cannot have. */
function noteOthers(service: ServiceConversion): void {
  const { compose, note } = service
  const { network_mode: network, ipc, uts, userns_mode, cgroup, pid } = compose
  if (typeof network === 'string' && !/^(none|host|(service|container):.*)$/.test(network))
    note(id, ['network_mode'], 'adapted', 'all pods of the namespace are in one network')
  if (ipc === 'shareable') note(id, ['ipc'], 'adapted', 'those that join it run in its pod')
  else if (ipc === 'private' || ipc === 'none') note(id, ['ipc'], 'kept', 'that of its pod')
  if (pid === 'private') note(id, ['pid'], 'kept', 'its own processes')
  if (uts === 'host')
    note(id, ['uts'], 'dropped', 'the host name is that of the pod, not of its node')
  if (userns_mode === 'host') note(id, ['userns_mode'], 'kept', 'what pods have by default')
  else if (userns_mode !== undefined)
    note(id, ['userns_mode'], 'dropped', 'a pod has the users of its node')
  if (cgroup === 'private') note(id, ['cgroup'], 'kept', 'what containers have by default')
  else if (cgroup === 'host')
    note(id, ['cgroup'], 'dropped', 'the program would not see the control groups of its node', {
      dangerous: true,
      hint: 'accept it if the program works without',
    })
}

function shareWithNode({ from, pod, object }: WorkloadDraft): void {
  const { compose, settings } = from
  if (compose.pid === 'host' && settings.host?.pid === true && mayHaveProcesses(from))
    pod.spec.hostPID = true
  if (compose.ipc === 'host' && settings.host?.ipc === true) pod.spec.hostIPC = true
  if (!isOnNode(from)) return
  pod.spec.hostNetwork = true
  pod.spec.dnsPolicy = 'ClusterFirstWithHostNet'
  // Two pods cannot have the same ports of one node: the old one goes first.
  if (object.spec.strategy?.type === 'RollingUpdate')
    object.spec.strategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 1 }
}

export default {
  id,
  title: 'Share the network, processes and memory of the node or of another service',
  plan(conversion) {
    planOnePod(conversion)
    for (const service of conversion.services) {
      noteHost(service)
      noteOthers(service)
    }
  },
  build({ workloads }) {
    for (const workload of workloads) shareWithNode(workload)
  },
} satisfies Adaptation
