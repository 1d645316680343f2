import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reportIdentity } from './report.ts'

/** Whether the copies of a service can have numbers; reports what keeps them from it. */
export function checkIdentity(conversion: Conversion, service: ServiceConversion): boolean {
  const { plan, settings, compose } = service
  const { identity, scale, replicas, singleton, rollout } = settings
  const problems: { message: string; hint: string; keys?: string[]; path?: string }[] = []
  if (plan.kind !== 'StatefulSet')
    problems.push({
      message: `${service.service} is a ${plan.kind}, whose pods have no numbers`,
      hint: 'remove identity, or declare oneShot: false',
    })
  if (scale !== undefined)
    problems.push({
      message: `the copies of ${service.service} have numbers, and an autoscaler would choose how many there are`,
      hint: 'declare replicas in place of scale: each copy has a Service and ports of its own',
      path: service.at('scale'),
    })
  if ((replicas ?? compose.scale ?? compose.deploy?.replicas) === undefined && scale === undefined)
    problems.push({
      message: `${service.service} has an identity and no number of copies`,
      hint: 'add replicas: 3',
    })
  if (identity?.most !== undefined && identity.most < plan.replicas)
    problems.push({
      message: `most is ${identity.most}, and there are ${plan.replicas} copies`,
      hint: 'use a number that is at least that of replicas',
      keys: ['most'],
    })
  if (singleton !== undefined && singleton !== false && plan.replicas > 1)
    problems.push({
      message: `${service.service} is declared as a singleton and has ${plan.replicas} copies`,
      hint: 'remove singleton, or replicas',
      path: service.at('singleton'),
    })
  if (rollout !== undefined)
    problems.push({
      message: `rollout has no effect on ${service.service}: a copy ends before the next one with its number starts, one after the other`,
      hint: 'remove it',
      path: service.at('rollout'),
    })
  const network = String(compose.network_mode ?? '')
  if (/^(service|container):/.test(network))
    problems.push({
      message: `${service.service} runs in the pod of another service (${network}), which has the number`,
      hint: 'give identity to that service',
    })
  for (const { message, hint, keys = [], path } of problems) {
    const elsewhere = path !== undefined && spanOf(conversion.settingsOrigins, path) === undefined
    reportIdentity(conversion, service, keys, message, {
      hint,
      ...(path !== undefined && !elsewhere && { path }),
    })
  }
  return problems.length === 0
}
