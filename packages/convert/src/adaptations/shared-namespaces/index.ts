import { containerAnnotation, SOURCE_ANNOTATION } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { isOnNode } from '../../facts/names/networks.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { type ContainerDraft, containersOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { smallContainer } from '../gates/gate-container.ts'
import { because } from './causes.ts'
import { planOnePod } from './one-pod-plan.ts'
import { reason } from './reasons.ts'

const KEYS = { network: 'network_mode', pid: 'pid', ipc: 'ipc' } as const

function noteHost(service: ServiceConversion): void {
  const { compose, settings, note } = service
  for (const kind of ['network', 'pid', 'ipc'] as const) {
    if (compose[KEYS[kind]] !== 'host') continue
    const key = [KEYS[kind]]
    if (kind === 'pid' && !mayHaveProcesses(service)) note(key, reason('never-exits'))
    else if (settings.host?.[kind] === true) note(key, reason('of-node'))
    else note(key, reason(`host-${kind}`, { service: service.service }))
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
    note(['network_mode'], reason('one-network'))
  if (ipc === 'shareable') note(['ipc'], reason('shareable-ipc'))
  else if (ipc === 'private' || ipc === 'none') note(['ipc'], reason('pod-ipc'))
  if (pid === 'private') note(['pid'], reason('own-processes'))
  if (uts === 'host') note(['uts'], reason('pod-hostname'))
  if (userns_mode === 'host') note(['userns_mode'], reason('default-users'))
  else if (userns_mode !== undefined) note(['userns_mode'], reason('node-users'))
  if (cgroup === 'private') note(['cgroup'], reason('default-cgroup'))
  else if (cgroup === 'host') note(['cgroup'], reason('host-cgroup'))
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
  id: 'shared-namespaces',
  reasons: reason,
  causes: because,
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
