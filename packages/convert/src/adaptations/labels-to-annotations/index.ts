import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { annotate } from '../../objects/pod.ts'
import { reason } from './reasons.ts'

/** Domains whose annotations mean something to the cluster or to Landfall: a label must not become one by chance. */
const RESERVED = /(^|\.)(kubernetes\.io|k8s\.io|landfall\.dev)\//

/** Annotations of an object take 256 KiB together; a value beyond this is no label. */
const LONGEST_VALUE = 16 * 1024

const PREFIX = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/
const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/

/** Why a label cannot be an annotation; undefined when it can. */
function problemOf(key: string, value: string): Reason | undefined {
  const parts = key.split('/')
  const prefix = parts.length > 1 ? parts[0] : undefined
  const legal =
    parts.length <= 2 &&
    NAME.test(parts.at(-1) as string) &&
    (prefix === undefined || (prefix.length <= 253 && PREFIX.test(prefix)))
  if (!legal) return reason('invalid-key')
  if (RESERVED.test(key)) return reason('reserved-key')
  return value.length > LONGEST_VALUE ? reason('too-long') : undefined
}

type Source = readonly [keys: readonly string[], labels: Record<string, unknown>]

/** Where labels stand: on the container, and on the service as a whole. */
function containerLabels({ compose }: ServiceConversion): Source[] {
  return [
    [['annotations'], asMapping(compose.annotations)],
    [['labels'], asMapping(compose.labels)],
  ]
}

function serviceLabels({ compose }: ServiceConversion): Source[] {
  return [[['deploy', 'labels'], asMapping(compose.deploy?.labels)]]
}

function asMapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function noteLabels({ note }: ServiceConversion, [keys, labels]: Source, on: Reason): void {
  const problems = Object.entries(labels).map(
    ([key, value]) => [key, problemOf(key, String(value ?? ''))] as const,
  )
  if (problems.length === 0) return
  if (problems.every(([, problem]) => problem === undefined)) note(keys, on)
  else for (const [key, problem] of problems) note([...keys, key], problem ?? on)
}

function annotationsOf(sources: readonly Source[]): Record<string, string> {
  return Object.fromEntries(
    sources.flatMap(([, labels]) =>
      Object.entries(labels)
        .map(([key, value]): [string, string] => [key, String(value ?? '')])
        .filter(([key, text]) => problemOf(key, text) === undefined),
    ),
  )
}

export default {
  id: 'labels-to-annotations',
  reasons: reason,
  title: 'Keep labels as annotations',
  plan({ services }) {
    for (const service of services) {
      for (const source of containerLabels(service))
        noteLabels(service, source, reason('pod-annotations'))
      for (const source of serviceLabels(service))
        noteLabels(service, source, reason('workload-annotations', { kind: service.plan.kind }))
      service.plan.annotations = {
        pod: annotationsOf(containerLabels(service)),
        workload: annotationsOf(serviceLabels(service)),
      }
    }
  },
  build({ workloads }) {
    for (const { plan, object, pod } of workloads) {
      for (const [key, text] of Object.entries(plan.annotations.pod))
        annotate(pod.metadata, key, text)
      for (const [key, text] of Object.entries(plan.annotations.workload))
        annotate(object.metadata, key, text)
    }
  },
} satisfies Adaptation
