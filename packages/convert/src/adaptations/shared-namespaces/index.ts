import { containerAnnotation, SOURCE_ANNOTATION } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/declared-one-shot.ts'
import { isOnNode } from '../../facts/networks.ts'
import { type ContainerDraft, containersOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { smallContainer } from '../gates/gate-container.ts'
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

/** What its pod shares with the node. */
function nodeOf(service: ServiceConversion): ServiceConversion['plan']['needs']['node'] {
  const { compose, settings } = service
  const processes =
    compose.pid === 'host' && settings.host?.pid === true && mayHaveProcesses(service)
  return {
    ...(isOnNode(service) ? { network: true } : {}),
    ...(processes ? { processes } : {}),
    ...(compose.ipc === 'host' && settings.host?.ipc === true ? { memory: true } : {}),
  }
}

/** A pod needs a container beside those that start first. This one waits for the end of the pod. */
function keeper() {
  const wait = 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'
  return {
    ...smallContainer(['sh', '-c', wait]),
    resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '32Mi' } },
  }
}

/** A container may come from another service than its pod; a verdict on it names that one. */
function nameSource({ service, container, workload }: ContainerDraft): void {
  const key = containerAnnotation(SOURCE_ANNOTATION, container.name)
  const isOther = service.service !== workload.plan.service
  if (isOther && service.declaredAt !== undefined && key !== undefined)
    annotate(workload.object.metadata, key, service.declaredAt)
}

export default {
  id,
  title: 'Share the network, processes and memory of the node or of another service',
  plan(conversion) {
    planOnePod(conversion)
    for (const service of conversion.services) {
      noteHost(service)
      noteOthers(service)
      service.plan.needs.node = nodeOf(service)
    }
  },
  build(draft) {
    for (const { plan, pod } of draft.workloads) {
      const { network, processes, memory } = plan.needs.node
      if (processes) pod.spec.hostPID = processes
      if (memory) pod.spec.hostIPC = memory
      if (plan.sharesProcesses) pod.spec.shareProcessNamespace = plan.sharesProcesses
      if (!network) continue
      pod.spec.hostNetwork = network
      pod.spec.dnsPolicy = 'ClusterFirstWithHostNet'
    }
    for (const one of containersOf(draft, 'program')) nameSource(one)
    for (const { container } of containersOf(draft, 'keep')) Object.assign(container, keeper())
  },
} satisfies Adaptation
