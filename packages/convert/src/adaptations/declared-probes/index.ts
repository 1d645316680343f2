import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import { causes } from '../../plan/because.ts'
import type { PlannedProbe } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { sqlProbe } from './sql-probe.ts'

const OWN = new Set(['localhost', '127.0.0.1', '0.0.0.0', '[::1]'])

/** Seconds. Nobody says how long a program may take whose readiness landfall.yaml declares. */
const UNHEALTHY_AFTER = 90

const because = causes('declared-probes', { settings: 'landfall.yaml' })

type Refusal = { message: string; hint: string }

/** The probe that asks an effect of the service itself, or why there is none. */
function probeOf(
  conversion: Conversion,
  service: ServiceConversion,
  effect: Effect,
): PlannedProbe['action'] | Refusal {
  if (effect.command !== undefined) return { exec: { command: effect.command } }
  const target = effectTarget(effect)
  if (effect.sql !== undefined) return sqlProbe(conversion, service, effect.sql)
  if (target?.port === undefined)
    return {
      message: 'a probe can only use http, tcp, command or sql',
      hint: 'use http, tcp, command or sql',
    }
  const own = service.plan.names.some(
    ({ written, name }) => written === target.host || name === target.host,
  )
  if (!own && !OWN.has(target.host))
    return {
      message: `${target.host} is not this service, and a probe connects to the service itself`,
      hint: `use http://localhost:${target.port}`,
    }
  if (effect.http === undefined) return { tcpSocket: { port: target.port } }
  if (effect.body !== undefined || effect.status !== undefined)
    return {
      message: 'the kubelet accepts any status below 400 and ignores the body',
      hint: 'use command, with a program of the image that checks the response',
    }
  const url = new URL(effect.http.replace(`//${target.host}`, '//localhost'))
  const scheme = url.protocol === 'https:' ? 'HTTPS' : 'HTTP'
  return { httpGet: { path: `${url.pathname}${url.search}`, port: target.port, scheme } }
}

function planProbe(
  conversion: Conversion,
  service: ServiceConversion,
  key: 'ready' | 'alive',
): PlannedProbe['action'] | undefined {
  const effect = service.settings[key]
  if (effect === undefined) return undefined
  if (service.plan.kind === 'Job' || service.plan.oncePerPod !== undefined) {
    conversion.report({
      code: 'convert/unused-setting',
      severity: 'warning',
      message: `${key} has no effect on ${service.service}, which is a one-shot`,
      path: service.at(key),
      hint: 'a one-shot is done when it exits, or when oneShot.doneWhen holds',
    })
    return undefined
  }
  const action = probeOf(conversion, service, effect)
  if (!('message' in action)) return action
  conversion.report({
    code: 'convert/impossible-probe',
    severity: 'error',
    path: service.at(key),
    ...action,
  })
  return undefined
}

export default {
  id: 'declared-probes',
  causes: because,
  title: 'Turn `ready` and `alive` of landfall.yaml into probes',
  plan(conversion) {
    for (const service of conversion.services) {
      const { plan, settings } = service
      const ready = planProbe(conversion, service, 'ready')
      const alive = planProbe(conversion, service, 'alive')
      if (ready !== undefined) {
        const probe = { because: because('settings'), action: ready, timeout: 5 }
        plan.startup = { ...probe, period: 1, failures: 600 }
        plan.unhealthyAfter = UNHEALTHY_AFTER
        plan.readiness = { ...probe, period: 5, failures: 3 }
        if (settings.ready !== undefined) plan.ready = settings.ready
      }
      if (alive !== undefined)
        plan.liveness = {
          because: because('settings'),
          action: alive,
          period: 10,
          timeout: 5,
          failures: 3,
        }
    }
  },
} satisfies Adaptation
