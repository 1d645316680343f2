import type { Clock } from '@landfall/kube'
import type { Assessment, FailedAssessment } from '../assess/assess.ts'
import type { Owners } from '../assess/roots.ts'
import { ANSWER_PATIENCE_MS, hintFor } from '../assess/unanswered.ts'
import { type Finding, NO_RANK } from '../failures/index.ts'
import type { Address } from './addresses.ts'

const PAUSE_MS = 1_000

/** Whether published ports answer, probed again and again during the wait. */
export interface PublishedPorts {
  /** Probes while everything is ready, from the first call with true on; forgets the answers when something is not. */
  whileReady(ready: boolean): void
  /** Of the last round. */
  addresses(): readonly Address[]
  /** Every port that can be probed answers, or need not. */
  answered(): boolean
  /** The port that has refused connections for too long, as a finding about the workload behind it. */
  failure(assessments: readonly Assessment[]): FailedAssessment | undefined
  /** The port whose answer is waited for. */
  pending(): Address | undefined
}

/** `probe` is one round over all published ports; `onChange` is called after each. */
export function watchPublished(
  probe: (() => Promise<Address[]>) | undefined,
  owners: Owners,
  onChange: () => void,
  clock: Clock,
  signal: AbortSignal,
): PublishedPorts {
  let addresses: Address[] | undefined
  let round = 0
  let since = 0
  const run = async (own: number): Promise<void> => {
    while (probe !== undefined && own === round && !signal.aborted) {
      const found = await probe().catch(() => undefined)
      if (own !== round) return
      if (found !== undefined) addresses = found
      onChange()
      if (found?.every(isKnown)) return
      await clock.sleep(PAUSE_MS, signal).catch(() => {})
    }
  }
  let probing = false
  const refused = () => addresses?.find((address) => !isFine(address))
  return {
    whileReady(ready) {
      if (ready === probing) return
      probing = ready
      round++
      addresses = undefined
      since = clock.now()
      if (ready) void run(round)
    },
    addresses: () => addresses ?? [],
    answered: () => probe === undefined || addresses?.every(isFine) === true,
    pending: refused,
    failure(assessments) {
      const address = refused()
      if (address === undefined || clock.now() - since < ANSWER_PATIENCE_MS) return undefined
      const object = owners.get(address.publishedBy)
      const at = assessments.find((one) => one.object === object)
      if (at === undefined) return undefined
      const { service, port, target, url } = address
      const all = (addresses ?? []).filter((one) => !isFine(one))
      const others = all
        .filter((one) => one !== address)
        .map((one) => `${one.service} ${one.target}`)
      const finding: Finding = {
        code: 'deploy/port-closed',
        reason: 'nothing answers',
        message: `its pod runs, but nothing listens on port ${target}, which is published as ${port} (${url}: ${address.error})${others.length === 0 ? '' : `; nor on ${others.join(', ')}`}`,
        about: 'ports',
        final: true,
        hint: `${hintFor(service, [target])}; if that is intended, in landfall.yaml: ${optionalPorts(all)}`,
      }
      return { ...at, message: finding.message, finding, rank: NO_RANK }
    },
  }
}

/** The lines of landfall.yaml that say that these ports need not answer. */
function optionalPorts(addresses: readonly Address[]): string {
  const services = new Map<string, string[]>()
  for (const { service, target } of addresses)
    services.set(service, [...(services.get(service) ?? []), target])
  const entries = [...services].map(
    ([service, ports]) => `${service}: { optionalPorts: [${ports.join(', ')}] }`,
  )
  return `services: { ${entries.join(', ')} }`
}

/** What cannot be reached from here cannot be judged from here. */
function isKnown({ answered, refused }: Address): boolean {
  return answered || refused !== true
}

/** A port that need not answer is probed as long as it is refused, so that what is printed is of the end. */
function isFine(address: Address): boolean {
  return isKnown(address) || address.optional === true
}
