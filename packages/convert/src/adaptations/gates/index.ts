import type { Adaptation } from '../../adaptation.ts'
import type { BundleDraft } from '../../bundle-draft.ts'
import { metadataFor } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf, findCycles } from '../../facts/dependencies.ts'
import { effectTarget } from '../../facts/texts.ts'
import type { Gate } from '../../plan.ts'
import { serviceObject } from '../names-to-services/index.ts'
import { GATES, gateContainer, gateName } from './gate-container.ts'
import { GATE_SCRIPT } from './gate-script.ts'
import { permit } from './permission.ts'
import { startedName, waitForDependency, waitForEffect } from './waits.ts'

const id = 'gates'

function planDependencies(conversion: Conversion, service: ServiceConversion): void {
  for (const [name, dependency] of dependenciesOf(service)) {
    const target = conversion.serviceOf(name)
    const path = ['depends_on', name]
    if (target === undefined) {
      service.note(id, path, 'kept', `${name} is not part of the project and not required`)
      continue
    }
    if (target.plan.replicas === 0) {
      service.note(id, path, 'adapted', `${name} has no pods, so it is not waited for`)
      continue
    }
    const wait = waitForDependency(conversion, target, dependency)
    if ('impossible' in wait) {
      service.note(id, path, 'refused', wait.impossible, { hint: wait.hint })
      conversion.report({
        code: 'convert/impossible-wait',
        severity: 'error',
        message: `${service.service} would wait for ever: ${wait.impossible}`,
        path: service.at(...path),
        hint: wait.hint,
      })
      continue
    }
    addGate(service, wait.gate)
    if (dependency.restart === true)
      service.note(
        id,
        path,
        'adapted',
        `${wait.reason}; a change of ${name} makes new pods of both`,
      )
    else service.note(id, path, wait.outcome, wait.reason)
  }
}

function planEffects(conversion: Conversion, service: ServiceConversion): void {
  for (const effect of service.settings.waitsFor ?? []) {
    const gate = waitForEffect(conversion, effect)
    if (gate !== undefined) addGate(service, gate)
  }
}

function addGate({ plan }: ServiceConversion, gate: Gate): void {
  if (!plan.gates.some(({ wait }) => wait === gate.wait)) plan.gates.push(gate)
}

/** Whom a service waits for, by its dependencies and by the names in its effects. */
export function waitEdges(conversion: Conversion): Map<string, string[]> {
  return new Map(
    conversion.services.map((service) => {
      const effects = (service.settings.waitsFor ?? []).flatMap((effect) => {
        const host = effect.job ?? effectTarget(effect)?.host
        return host === undefined ? [] : (conversion.owners.get(host.toLowerCase())?.service ?? [])
      })
      const dependencies = dependenciesOf(service).map(([name]) => name)
      const known = dependencies.filter((name) => conversion.serviceOf(name) !== undefined)
      return [service.service, [...new Set([...known, ...effects])].sort()]
    }),
  )
}

function reportCycles(conversion: Conversion): void {
  for (const cycle of findCycles(waitEdges(conversion))) {
    const [first = ''] = cycle
    conversion.report({
      code: 'convert/wait-cycle',
      severity: 'error',
      message: `these services wait for one another and would never start: ${[...cycle, first].join(' → ')}`,
      path: `/services/${first}`,
      hint: 'remove one of these waits from depends_on or from waitsFor',
    })
  }
}

function buildGates(draft: BundleDraft, conversion: Conversion): void {
  for (const workload of draft.workloads) {
    const { from, pod } = workload
    const { gates, name } = from.plan
    if (gates.length === 0) continue
    const jobs = [...new Set(gates.flatMap(({ job }) => job ?? []))].sort()
    const lines = gates.filter(({ job }) => job === undefined).map(({ wait }) => wait)
    const lists = jobs.map((job) => jobList(draft, job))
    if (lines.length > 0) {
      draft.gateLists.set(`waits-${name}`, `${lines.join('\n')}\n`)
      lists.push(`waits-${name}`)
    }
    const gate = gateContainer(conversion, pod, gateName(gates), lists, {
      volume: 'gate',
      mode: ['wait'],
    })
    pod.spec.initContainers = [...(pod.spec.initContainers ?? []), gate]
    permit(draft, conversion, workload, gate)
  }
}

/** One list a Job, shared by all that wait for it: its line holds a name that changes with the Job. */
function jobList(draft: BundleDraft, service: string): string {
  const derived = draft.jobNames.get(service)
  if (derived === undefined) throw new Error(`${service} is not a one-shot`)
  const label = draft.workloads.find(({ from }) => from.service === service)?.from.plan.name
  const list = `job-${label}`
  const format = `job {} ${label}\n`
  if (draft.gateLists.has(list)) return list
  draft.gateLists.set(list, format.replace('{}', derived.base))
  derived.at.push({ object: `configmap/${GATES}`, pointer: `/data/${list}`, format })
  return list
}

function buildStartedServices({ objects }: BundleDraft, conversion: Conversion): void {
  const dialled = new Set(
    conversion.services.flatMap(({ plan }) =>
      plan.gates
        .filter(({ wait }) => wait.startsWith('started '))
        .map(({ wait }) => wait.split(' ')[1]),
    ),
  )
  for (const target of conversion.services) {
    const name = startedName(target)
    if (dialled.has(name))
      objects.set(
        `service/${name}`,
        serviceObject(conversion, target, name, { publishNotReadyAddresses: true }),
      )
  }
}

export default {
  id,
  title: 'Hold a pod back until what it needs is there',
  plan(conversion) {
    for (const service of conversion.services) {
      planDependencies(conversion, service)
      planEffects(conversion, service)
    }
    reportCycles(conversion)
  },
  build(draft, conversion) {
    buildGates(draft, conversion)
    buildStartedServices(draft, conversion)
  },
} satisfies Adaptation

/** The ConfigMap of all gates; written last, when every list is known. */
export function buildGatesObject(draft: BundleDraft, conversion: Conversion): void {
  if (draft.gateLists.size === 0) return
  const lists = [...draft.gateLists].sort(([a], [b]) => (a < b ? -1 : 1))
  draft.objects.set(`configmap/${GATES}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataFor(conversion, GATES),
    data: { 'gate.sh': GATE_SCRIPT, ...Object.fromEntries(lists) },
  })
}
