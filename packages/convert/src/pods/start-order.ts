import { ownValue } from '@landfall/diagnostic'
import type { ServiceConversion } from '../conversion.ts'
import { dependenciesOf } from '../facts/dependencies.ts'

/**
 * Containers of a pod start side by side. One that another of them depends on becomes a sidecar instead: those start
 * one after the other, each when the startup probe of the one before has succeeded. One that runs once is an init
 * container after those that it joins. Gives both in the order in which they start.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function startingFirst(together: readonly ServiceConversion[]): ServiceConversion[] {
  if (together.length < 2) return []
  return inOrder(together).filter(
    ({ service, plan }) =>
      plan.oncePerPod !== undefined || together.some((other) => afterOf(other).has(service)),
  )
}

/**
 * A one-shot may be what makes the program that it joins healthy. Unless another container of the pod waits for that
 * health, those after it start when its process does, as under Compose: it has no startup probe, and its readiness is
 * probed as often.
 */
export function letOthersStart(
  { service, plan }: ServiceConversion,
  together: readonly ServiceConversion[],
): void {
  const { startup, readiness } = plan
  const joined = together.some((other) => other.plan.oncePerPod?.after.includes(service))
  const waited = together.some(
    ({ compose }) => ownValue(compose.depends_on, service)?.condition === 'service_healthy',
  )
  if (startup === undefined || waited || !joined || plan.liveness !== undefined) return
  if (readiness !== undefined) plan.readiness = { ...readiness, period: startup.period }
  delete plan.startup
}

/** The services after which a container starts. */
function afterOf(service: ServiceConversion): Set<string> {
  const depends = dependenciesOf(service).map(([name]) => name)
  return new Set([...depends, ...(service.plan.oncePerPod?.after ?? [])])
}

function inOrder(together: readonly ServiceConversion[]): ServiceConversion[] {
  const done = new Set<ServiceConversion>()
  const visit = (service: ServiceConversion): void => {
    if (done.has(service)) return
    const wanted = afterOf(service)
    for (const other of together) if (wanted.has(other.service)) visit(other)
    done.add(service)
  }
  for (const service of together) visit(service)
  return [...done]
}
