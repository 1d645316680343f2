import type { Adaptation } from '../../adaptation.ts'
import { metadataFor, selectorOf, type WorkloadDraft } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/declared-one-shot.ts'
import { isOnNode } from '../../facts/networks.ts'
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
  if (network === 'none')
    if (isCutOff(service))
      note(
        id,
        ['network_mode'],
        'adapted',
        'a NetworkPolicy cuts it off, where the network of the cluster enforces policies',
      )
    else
      note(id, ['network_mode'], 'dropped', 'it waits for others over the network', {
        hint: 'remove depends_on and waitsFor of this service to have it cut off',
      })
  else if (typeof network === 'string' && !/^(host|(service|container):.*)$/.test(network))
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

/** A gate would never see what it waits for without a network. */
function isCutOff({ compose, settings }: ServiceConversion): boolean {
  const waits = compose.depends_on !== undefined || settings.waitsFor !== undefined
  return compose.network_mode === 'none' && !waits
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

function policyOf(conversion: Conversion, service: ServiceConversion) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataFor(conversion, service.plan.name, service, service.at('network_mode')),
    spec: {
      podSelector: { matchLabels: selectorOf(conversion.project.name, service.plan.name) },
      policyTypes: ['Ingress', 'Egress'],
    },
  }
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
  build({ objects, workloads }, conversion) {
    for (const workload of workloads) {
      shareWithNode(workload)
      if (isCutOff(workload.from))
        objects.set(`networkpolicy/${workload.from.plan.name}`, policyOf(conversion, workload.from))
    }
  },
} satisfies Adaptation
