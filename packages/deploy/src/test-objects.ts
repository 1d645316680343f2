import type { KubeObject } from '@landfall/kube'
import { type ClusterView, emptyView, enter } from './view/view.ts'

/** Objects as a cluster shows them, for tests: each function makes a plain one, and takes what is special about it. */

export function deployment(name: string, status: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, uid: `uid-${name}`, generation: 1 },
    spec: { replicas: 1, selector: { matchLabels: { app: name } } },
    status: { observedGeneration: 1, ...status },
  }
}

export const READY = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 }

export function job(name: string, status: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, uid: `uid-${name}`, generation: 1 },
    spec: { template: {} },
    status,
  }
}

interface PodParts {
  owner?: { kind: string; name: string }
  init?: Record<string, unknown>[]
  /** Statuses of init containers, then of containers, in their order. */
  statuses?: Record<string, unknown>[]
  containers?: Record<string, unknown>[]
  phase?: string
  conditions?: Record<string, unknown>[]
}

/** A pod `<workload>-1` with one container that is named like its workload. */
export function pod(workload: string, parts: PodParts = {}): KubeObject {
  const { owner = { kind: 'ReplicaSet', name: `${workload}-h` }, init = [], statuses = [] } = parts
  const containers = parts.containers ?? [{ name: workload, image: `${workload}:1` }]
  const withNames = (specs: Record<string, unknown>[], from: number) =>
    specs.map(({ name }, index) => ({ name, restartCount: 0, ...statuses[from + index] }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${workload}-1`,
      uid: `uid-${workload}-1`,
      labels: { 'pod-template-hash': 'h' },
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: { initContainers: init, containers },
    status: {
      phase: parts.phase ?? 'Pending',
      conditions: parts.conditions ?? [],
      initContainerStatuses: withNames(init, 0),
      containerStatuses: withNames(containers, init.length),
    },
  }
}

export function event(about: KubeObject, reason: string, message: string, container?: string) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.metadata.name}.${reason}.${message.length}` },
    involvedObject: {
      uid: about.metadata.uid,
      ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
    },
    reason,
    message,
    count: 1,
    lastTimestamp: '2026-01-01T00:01:01Z',
  } as KubeObject
}

export function viewOf(...objects: KubeObject[]): ClusterView {
  const view = emptyView()
  for (const object of objects) enter(view, object.kind, object)
  return view
}
