import type { Healthcheck } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { parseDuration } from '../../facts/duration.ts'
import type { LedgerEntry } from '../../ledger.ts'
import type { PlannedProbe } from '../../plan.ts'
import { probeObject } from './probe-object.ts'

const id = 'healthcheck-to-probes'

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
  const seconds = text === undefined ? undefined : parseDuration(text)
  return seconds === undefined || seconds === 0 ? DOCKER[key] : seconds
}

/** The command of a test, or undefined for a check that is switched off or left to the image. */
function commandOf({ test, disable }: Healthcheck): string[] | undefined {
  if (disable === true || test === undefined) return undefined
  const [form = 'NONE', ...words] = test
  if (form === 'CMD') return words
  return form === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : undefined
}

/** Why a healthcheck makes no probe, where it makes none. */
function withoutProbe(
  { settings, plan }: ServiceConversion,
  healthcheck: Healthcheck,
): Pick<LedgerEntry, 'outcome' | 'reason' | 'hint'> | undefined {
  if (healthcheck.disable === true || healthcheck.test?.[0] === 'NONE')
    return { outcome: 'kept', reason: 'no probes' }
  if (plan.kind === 'Job')
    return { outcome: 'ignored', reason: 'a Job is ready when it is complete' }
  if (settings.ready !== undefined)
    return { outcome: 'ignored', reason: 'landfall.yaml says when the service is ready' }
  if (commandOf(healthcheck) !== undefined) return undefined
  return {
    outcome: 'dropped',
    reason: 'the test is that of the image, which is not read yet',
    hint: 'write the test into the Compose file, or `ready` into landfall.yaml',
  }
}

function planService(service: ServiceConversion): void {
  const { compose, plan, note } = service
  const { healthcheck } = compose
  if (healthcheck === undefined) return
  const without = withoutProbe(service, healthcheck)
  const command = commandOf(healthcheck)
  if (without !== undefined || command === undefined) {
    if (without !== undefined)
      note(
        id,
        ['healthcheck'],
        without.outcome,
        without.reason,
        without.hint ? { hint: without.hint } : {},
      )
    return
  }
  const readiness: PlannedProbe = {
    because: 'healthcheck',
    action: { exec: { command } },
    period: Math.max(1, Math.ceil(secondsOf(healthcheck, 'interval'))),
    timeout: Math.max(1, Math.ceil(secondsOf(healthcheck, 'timeout'))),
    failures: Math.max(1, healthcheck.retries ?? DOCKER.retries),
  }
  const startup = startupOf(readiness, healthcheck)
  Object.assign(plan, { readiness, startup })
  note(
    id,
    ['healthcheck'],
    'adapted',
    `ready when the test succeeds; asked every ${startup.period} s until then`,
  )
}

/**
 * Asks often while the program starts, so that those who wait for it go on soon, but no more often than Docker would:
 * a test may be a heavy program itself (`rabbitmq-diagnostics` every second keeps a small machine from starting RabbitMQ).
 */
function startupOf(probe: PlannedProbe, healthcheck: Healthcheck): PlannedProbe {
  const declared = parseDuration(healthcheck.start_interval ?? '')
  const period = Math.max(1, Math.ceil(declared ?? Math.min(probe.period, DOCKER.start_interval)))
  const patience =
    secondsOf(healthcheck, 'start_period') + probe.failures * (probe.period + probe.timeout)
  const failures = Math.ceil(Math.max(patience, SHORTEST_STARTUP) / period)
  // Docker asks for the first time when the first interval is over.
  return { ...probe, period, failures, delay: period }
}

export default {
  id,
  title: 'Turn a healthcheck into startup and readiness probes',
  plan({ services }) {
    for (const service of services) planService(service)
  },
  build({ workloads }) {
    for (const { from, program } of workloads) {
      const { startup, readiness, liveness } = from.plan
      if (startup !== undefined) program.startupProbe = probeObject(startup)
      if (readiness !== undefined) program.readinessProbe = probeObject(readiness)
      if (liveness !== undefined) program.livenessProbe = probeObject(liveness)
    }
  },
} satisfies Adaptation
