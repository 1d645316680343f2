import type { KeptEffect } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isKept, keptEffect } from '../../facts/effects/kept.ts'
import { timesOf } from '../../facts/effects/times.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import { causes } from '../../plan/because.ts'
import type { PlannedProbe } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { observeEffect } from '../gates/effects/observe.ts'
import { sqlProbe } from './sql-probe.ts'

const OWN = new Set(['localhost', '127.0.0.1', '0.0.0.0', '[::1]'])

/** Seconds. Nobody says how long a program may take whose readiness landfall.yaml declares. */
const UNHEALTHY_AFTER = 90

/** Seconds after its start, in which others may not know it yet. */
const KEPT_AFTER = 30

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
  if (effect.method !== undefined || effect.send !== undefined)
    return {
      message: 'the kubelet sends GET requests without a body',
      hint: 'use command, with a program of the image that sends the request',
    }
  const url = new URL(effect.http.replace(`//${target.host}`, '//localhost'))
  const scheme = url.protocol === 'https:' ? 'HTTPS' : 'HTTP'
  const httpHeaders = Object.entries(effect.headers ?? {}).map(([name, value]) => ({
    name,
    value: String(value),
  }))
  return {
    httpGet: {
      path: `${url.pathname}${url.search}`,
      port: target.port,
      scheme,
      ...(httpHeaders.length > 0 && { httpHeaders }),
    },
  }
}

/** What the keeper tests where no probe of the container can; undefined if it cannot either. */
function keptAliveOf(
  conversion: Conversion,
  service: ServiceConversion,
  effect: Effect,
): KeptEffect | undefined {
  const target = effectTarget(effect)
  if (target === undefined) return undefined
  const isLocal = OWN.has(target.host)
  const owner = isLocal ? service : conversion.owners.get(target.host.toLowerCase())
  // a Service leads to the ports that are known alone
  if (isLocal && !service.plan.ports.some(({ port }) => port === target.port)) return undefined
  const { plan } = service
  const named = isLocal && effect.http !== undefined
  const observed = observeEffect(
    conversion,
    named
      ? { ...effect, http: effect.http?.replace(`//${target.host}`, `//${plan.name}`) ?? '' }
      : isLocal && effect.tcp !== undefined
        ? { ...effect, tcp: `${plan.name}:${target.port}` }
        : effect,
    '',
  )
  const wait = 'impossible' in observed ? undefined : observed.wait
  return isKept(wait)
    ? keptEffect(effect, wait, { owner, own: owner === service, after: KEPT_AFTER })
    : undefined
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
  const kept = key === 'alive' ? keptAliveOf(conversion, service, effect) : undefined
  if (kept !== undefined) {
    service.plan.keptAlive = kept
    return undefined
  }
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
        const { after, interval = 5, failures = 3, timeout = 5 } = timesOf(settings.ready ?? {})
        const probe = { because: because('settings'), action: ready, timeout }
        const delay = after === undefined || after === 0 ? {} : { delay: after }
        plan.startup = { ...probe, period: 1, failures: 600, ...delay }
        plan.unhealthyAfter = UNHEALTHY_AFTER + (after ?? 0)
        plan.readiness = { ...probe, period: interval, failures }
        if (settings.ready !== undefined) plan.ready = settings.ready
      }
      if (alive !== undefined) {
        const {
          after = 0,
          interval = 10,
          failures = 3,
          timeout = 5,
        } = timesOf(settings.alive ?? {})
        plan.liveness = {
          because: because('settings'),
          action: alive,
          period: interval,
          timeout,
          failures,
          ...(after > 0 && { delay: after }),
        }
      }
    }
  },
} satisfies Adaptation
