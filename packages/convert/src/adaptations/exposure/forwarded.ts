import type { Port } from '@landfall/compose'
import { FORWARDED_ANNOTATION } from '@landfall/kube'
import { runsOf, spanText } from '../../facts/ports/port-ranges.ts'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { ForwardedPort } from '../../plan/plan.ts'
import { addressOf } from './exposure.ts'

/** A port that the project publishes and the cluster does not expose; its container port has to be valid. */
export function forwardedPort(port: Port): ForwardedPort {
  const address = addressOf(port)
  return {
    ...(address === undefined ? {} : { address }),
    published: /^\d+$/.test(port.published ?? '') ? Number(port.published) : port.target,
    port: port.target,
    protocol: port.protocol.toUpperCase() as ForwardedPort['protocol'],
  }
}

/** `landfall port-forward` finds them on the workload. */
export function buildForwarded({ plan, workloads }: BundleDraft): void {
  for (const { object, plan: pod } of workloads) {
    const entries = plan.services
      .filter(({ service, pod: host = service }) => host === pod.service)
      .flatMap(({ service, forwarded }) =>
        runsOf(forwarded, follows).map((run) => `${service}=${textOf(run)}`),
      )
    if (entries.length > 0) annotate(object.metadata, FORWARDED_ANNOTATION, entries.join(','))
  }
}

function follows(before: ForwardedPort, next: ForwardedPort): boolean {
  return (
    next.published === before.published + 1 &&
    next.port === before.port + 1 &&
    next.address === before.address &&
    next.protocol === before.protocol
  )
}

function textOf(run: readonly ForwardedPort[]): string {
  const first = run[0] as ForwardedPort
  const last = run.at(-1) as ForwardedPort
  const { address, protocol } = first
  const host = address?.includes(':') ? `[${address.replace(/^\[|\]$/g, '')}]` : address
  const ports = `${spanText(first.published, last.published)}:${spanText(first.port, last.port)}`
  return `${host === undefined ? '' : `${host}:`}${ports}/${protocol.toLowerCase()}`
}
