import { type Finding, NO_RANK } from '../failures/index.ts'
import type { Sightings } from '../view/sightings.ts'
import type { Assessment, FailedAssessment } from './assess.ts'
import { type Owners, type Root, rootOf } from './roots.ts'

/** A program that listens so late has long been ready as far as the cluster shows. */
export const ANSWER_PATIENCE_MS = 60_000

/**
 * Workloads that the cluster calls ready while a gate that waits for them gets no answer, and nothing else is on its way:
 * they are what holds the others. Pure, but for the sightings, which have to be read in every round.
 */
export function findUnanswered(
  assessments: readonly Assessment[],
  owners: Owners,
  sightings: Sightings,
): FailedAssessment[] {
  const byObject = new Map(assessments.map((one) => [one.object, one]))
  const isReady = ({ status, watched }: Assessment) =>
    status.state === 'current' || watched !== undefined
  const quiet = assessments.every((one) => one.gated || one.finding !== undefined || isReady(one))
  if (!quiet) return []
  const found = new Map<string, FailedAssessment>()
  for (const one of assessments) {
    if (!one.gated) continue
    const { at, waiter } = rootOf(one, byObject, owners)
    if (waiter === undefined || !isReady(at) || found.has(at.object)) continue
    const forMs = sightings.since(`unanswered ${at.object} ${waiter.wait.ports.join(' ')}`)
    if (forMs >= ANSWER_PATIENCE_MS) found.set(at.object, unanswered(at, waiter))
  }
  return [...found.values()]
}

function unanswered(at: Assessment, { by, wait }: NonNullable<Root['waiter']>): FailedAssessment {
  const { name, ports, why } = wait
  const where = ports.length === 0 ? name : `${name}:${ports.join(', ')}`
  const finding: Finding = {
    code: 'deploy/port-closed',
    reason: 'nothing answers',
    message: `its pod runs, but ${where} does not answer (${why}), which ${by} waits for`,
    about: 'ports',
    final: true,
    hint: hintFor(name, ports),
  }
  return { ...at, message: finding.message, finding, rank: NO_RANK }
}

/** The two causes that are met most: another port, and a program that listens at the address of its own name. */
export function hintFor(name: string, ports: readonly string[]): string {
  const port = ports[0] === undefined ? 'there' : `on port ${ports[0]}`
  return `look at the last lines of its log: the program does not listen ${port}, or only at 127.0.0.1; if it binds to its own name "${name}", set hostsFirst: true for the service in landfall.yaml`
}
