import type { Dependency } from '@landfall/compose'
import { ownValue, spanOf } from '@landfall/diagnostic'
import { printWait } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf, findCycles } from '../../facts/dependencies.ts'
import { isDisabled } from '../../facts/disabled.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { runsWhenGone } from '../../facts/one-shot/runs-when-gone.ts'
import { podOf } from '../../facts/pods.ts'
import type { Gate } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { startEdges } from './edges.ts'
import { reason } from './reasons.ts'
import { planGateServices } from './services.ts'
import { waitForDependency, waitForEffect } from './waits.ts'

/** Decides what each pod waits for, and reports waits that can never end. */
export function planGates(conversion: Conversion): void {
  for (const service of conversion.services) {
    planDependencies(conversion, service)
    planEffects(conversion, service)
  }
  reportCycles(conversion)
  planGateServices(conversion)
  forgetTested(conversion)
}

/** What a gate asks is tested by the gate; of the members of a cluster some listen only while they lead it. */
function forgetTested({ services }: Conversion): void {
  const asked = new Set(services.flatMap(({ plan }) => plan.gates.map(({ on }) => on)))
  for (const { plan } of services)
    if (asked.has(plan.name) || plan.reach.mode === 'pods')
      for (const port of plan.ports) delete port.connectedBy
}

function planDependencies(conversion: Conversion, service: ServiceConversion): void {
  for (const [name, dependency] of dependenciesOf(service)) {
    const target = conversion.serviceOf(name)
    const path = ['depends_on', name]
    if (target === undefined) {
      const declared = ownValue(conversion.project.services, name) !== undefined
      const why = !declared
        ? 'not-in-project'
        : isDisabled(conversion.settings, name)
          ? 'not-enabled'
          : 'provider'
      service.note(path, reason(why, { name }))
      continue
    }
    if (target.plan.replicas === 0) {
      service.note(path, reason('no-pods', { name }))
      continue
    }
    if (podOf(target) === podOf(service)) {
      noteSamePod(service, target, dependency)
      continue
    }
    const wait = waitForDependency(conversion, service, target, dependency)
    if ('impossible' in wait) {
      service.note(path, wait.impossible)
      const { text, hint = '' } = wait.impossible
      const { because } = wait
      reportImpossible(conversion, service, service.at(...path), {
        impossible: text,
        hint,
        ...(because === undefined ? {} : { because }),
      })
      continue
    }
    addGate(service, wait.gate)
    service.note(path, wait.reason)
    if (runsWhenGone(target.settings) && isJobWait(wait.gate))
      addEffectGate(conversion, service, target)
    if (dependency.restart === true) addRolloutGate(conversion, service, target)
    if (dependency.restart === true && target.plan.kind !== 'Job')
      conversion.ledger.amend(service.at(...path), reason('restarts-with', { name }))
  }
}

function isJobWait({ wait }: Gate): boolean {
  return wait.kind === 'job'
}

/** A one-shot that runs again when its effect is gone is complete until then: only the effect shows that the work is done. */
function addEffectGate(
  conversion: Conversion,
  service: ServiceConversion,
  target: ServiceConversion,
): void {
  const doneWhen = declaredOneShot(target.settings)?.doneWhen
  const wait = doneWhen === undefined ? undefined : waitForEffect(conversion, doneWhen, '')
  if (wait !== undefined && 'gate' in wait) addGate(service, wait.gate)
}

/** An update of both replaces both at once: the old pods of the dependency, which are about to end, must not count. */
function addRolloutGate(
  conversion: Conversion,
  service: ServiceConversion,
  target: ServiceConversion,
): void {
  const own = conversion.serviceOf(podOf(target))?.plan
  if (own?.kind !== 'Deployment' || service.plan.kind === 'Job') return
  addGate(service, {
    wait: { kind: 'rollout', deployment: own.name, template: '-' },
    because: because('restart', { service: target.service }),
    on: own.name,
  })
}

/** Containers of a pod start one after the other, each when the startup probe of the one before has succeeded. */
function noteSamePod(
  service: ServiceConversion,
  { service: name, plan }: ServiceConversion,
  { condition }: Dependency,
): void {
  const path = ['depends_on', name]
  const untested = condition === 'service_healthy' && plan.startup === undefined
  service.note(path, reason(untested ? 'same-pod-untested' : 'same-pod', { name }))
}

function planEffects(conversion: Conversion, service: ServiceConversion): void {
  for (const [index, effect] of (service.settings.waitsFor ?? []).entries()) {
    const job = effect.job === undefined ? undefined : conversion.serviceOf(effect.job)
    const wait =
      job !== undefined && podOf(job) === podOf(service)
        ? { impossible: `${job.service} runs in the same pod`, hint: 'use depends_on' }
        : waitForEffect(conversion, effect, `LOGIN_${index + 1}`)
    if ('impossible' in wait) reportImpossible(conversion, service, service.at('waitsFor'), wait)
    else {
      addGate(service, wait.gate)
      if (job !== undefined && runsWhenGone(job.settings)) addEffectGate(conversion, service, job)
    }
  }
}

function reportImpossible(
  { report, origins }: Conversion,
  { service }: ServiceConversion,
  path: string,
  { impossible, hint, because = '' }: { impossible: string; hint: string; because?: string },
): void {
  const at = spanOf(origins, because)
  report({
    code: 'convert/impossible-wait',
    severity: 'error',
    message: `${service} would wait forever: ${impossible}`,
    path,
    ...(because === '' || at === undefined ? {} : { related: [{ message: 'disabled here', at }] }),
    hint,
  })
}

function addGate({ plan }: ServiceConversion, gate: Gate): void {
  const line = printWait(gate.wait)
  if (!plan.gates.some(({ wait }) => printWait(wait) === line)) plan.gates.push(gate)
}

function reportCycles(conversion: Conversion): void {
  for (const cycle of findCycles(startEdges(conversion))) {
    const [first = ''] = cycle
    conversion.report({
      code: 'convert/wait-cycle',
      severity: 'error',
      message: `these services wait for each other and would never start: ${[...cycle, first].join(' → ')}${sharedPods(conversion, cycle)}`,
      path: `/services/${first}`,
      hint: 'remove one of them from depends_on, waitsFor or doneWhen',
    })
  }
}

/** Why a service waits that has no wait of its own. */
function sharedPods({ services }: Conversion, cycle: readonly string[]): string {
  const guests = services.filter(({ service, plan }) =>
    cycle.includes(plan.oncePerPod === undefined ? (plan.pod ?? '') : service),
  )
  const told = guests.map(({ service, plan }) => `${service} runs in the pod of ${plan.pod}`)
  if (told.length === 0) return ''
  const once = guests.some(({ plan }) => plan.oncePerPod !== undefined)
  return ` (${told.join(', ')}, and a pod ${once ? 'is ready when its one-shots are done' : 'waits for everything that its containers wait for'})`
}
