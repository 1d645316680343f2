import type { Healthcheck } from '@landfall/compose'
import { parseSeconds } from '@landfall/compose'
import { containerAnnotation, UNHEALTHY_AFTER_ANNOTATION } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { healthcheckOf, isHealthDisabled } from '../../facts/healthcheck.ts'
import { imageKey } from '../../facts/images/known-image.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { PlannedProbe } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { planByPort, reportUnknown, waitingForHealthy } from './port-check.ts'
import { probeObject } from './probe-object.ts'
import { reason } from './reasons.ts'

/**
 * Docker's own values for what a healthcheck leaves out.
 * https://docs.docker.com/reference/dockerfile/#healthcheck
 */
const DOCKER = {
  interval: 30,
  timeout: 30,
  retries: 3,
  start_period: 0,
  start_interval: 5,
} as const

/** A program that starts slowly is not killed for it: under Compose it would only be unhealthy. */
const SHORTEST_STARTUP = 600

function secondsOf(check: Healthcheck, key: 'interval' | 'timeout' | 'start_period'): number {
  const text = check[key]
  const seconds = text === undefined ? undefined : parseSeconds(text)
  return seconds === undefined || seconds === 0 ? DOCKER[key] : seconds
}

/** The command of a test, or undefined for a check that is switched off or left to an image that is not known. */
function commandOf({ image }: ServiceConversion, { test, disable }: Healthcheck) {
  if (disable === true || test === undefined) return undefined
  const [form = 'NONE', ...words] = test
  if (form === 'CMD') return words.length > 0 ? words : undefined
  const { shell = ['/bin/sh', '-c'] } = image.facts
  return form === 'CMD-SHELL' ? [...shell, words.join(' ')] : undefined
}

/** Why a healthcheck makes no probe, where it makes none. */
function withoutProbe(
  service: ServiceConversion,
  healthcheck: Healthcheck,
  waiting: ServiceConversion | undefined,
): Reason | undefined {
  const { settings, plan, image } = service
  if (isHealthDisabled(service)) return reason('disabled')
  if (plan.oncePerPod !== undefined) return reason('init-container')
  if (plan.kind === 'Job' && !isHealthyWhileItWorks(service, waiting)) return reason('job')
  if (settings.ready !== undefined) return reason('set-in-settings')
  if (commandOf(service, healthcheck) !== undefined) return undefined
  return image.unknown === undefined
    ? reason('no-test')
    : reason('unknown-test', { why: image.unknown })
}

/** Others wait for its health, which the program of its pod tells; one that a checker follows is no such program. */
function isHealthyWhileItWorks(
  { settings }: ServiceConversion,
  waiting: ServiceConversion | undefined,
): boolean {
  return waiting !== undefined && declaredOneShot(settings)?.doneWhen === undefined
}

function planService(
  conversion: Conversion,
  service: ServiceConversion,
  waiting: ServiceConversion | undefined,
): void {
  const { compose, plan, note } = service
  if (planByPort(conversion, service, waiting)) return
  const healthcheck = healthcheckOf(service)
  if (healthcheck === undefined) return
  const without = withoutProbe(service, healthcheck, waiting)
  const command = commandOf(service, healthcheck)
  if (without !== undefined || command === undefined) {
    if (without !== undefined && compose.healthcheck !== undefined) note(['healthcheck'], without)
    return
  }
  const readiness: PlannedProbe = {
    because: because(compose.healthcheck?.test === undefined ? 'image' : 'healthcheck'),
    action: { exec: { command } },
    period: Math.max(1, Math.ceil(secondsOf(healthcheck, 'interval'))),
    timeout: Math.max(1, Math.ceil(secondsOf(healthcheck, 'timeout'))),
    failures: Math.max(1, healthcheck.retries ?? DOCKER.retries),
  }
  const startup = startupOf(readiness, healthcheck)
  // A startup probe that fails would end the program of a Job, which runs only once.
  if (plan.kind === 'Job') plan.readiness = { ...readiness, period: startup.period }
  else Object.assign(plan, { readiness, startup })
  plan.unhealthyAfter = patienceOf(readiness, healthcheck)
  if (compose.healthcheck === undefined) {
    conversion.ledger.amend(imageKey(service), reason('image-test'))
    return
  }
  note(['healthcheck'], reason('probes', { period: startup.period }))
}

/**
 * Asks often while the program starts, so that those who wait for it go on soon, but no more often than Docker would:
 * a test may be a heavy program itself (`rabbitmq-diagnostics` every second keeps a small machine from starting RabbitMQ).
 */
function startupOf(probe: PlannedProbe, healthcheck: Healthcheck): PlannedProbe {
  const declared = parseSeconds(healthcheck.start_interval ?? '')
  const period = Math.max(1, Math.ceil(declared ?? Math.min(probe.period, DOCKER.start_interval)))
  const patience =
    secondsOf(healthcheck, 'start_period') + probe.failures * (probe.period + probe.timeout)
  const failures = Math.ceil(Math.max(patience, SHORTEST_STARTUP) / period)
  // Docker asks for the first time when the first interval is over.
  return { ...probe, period, failures, delay: period }
}

/** Seconds after which Docker calls a container unhealthy whose test fails at once each time. */
function patienceOf(
  { failures, period }: PlannedProbe,
  { start_period: grace = '' }: Healthcheck,
): number {
  return (parseSeconds(grace) ?? 0) + failures * period
}

export default {
  id: 'healthcheck-to-probes',
  reasons: reason,
  causes: because,
  title: 'Turn a healthcheck into startup and readiness probes',
  plan(conversion) {
    const waiting = waitingForHealthy(conversion)
    for (const service of conversion.services)
      planService(conversion, service, waiting.get(service.service))
    reportUnknown(conversion, waiting)
  },
  build(draft) {
    for (const { service, container, workload } of containersOf(draft, 'program')) {
      const { startup, readiness, liveness, unhealthyAfter } = service
      if (startup !== undefined) container.startupProbe = probeObject(startup)
      if (readiness !== undefined) container.readinessProbe = probeObject(readiness)
      if (liveness !== undefined) container.livenessProbe = probeObject(liveness)
      const key = containerAnnotation(UNHEALTHY_AFTER_ANNOTATION, container.name)
      if (unhealthyAfter !== undefined && key !== undefined)
        annotate(workload.object.metadata, key, String(unhealthyAfter))
    }
  },
} satisfies Adaptation
