import { spanOf } from '@landfall/diagnostic'
import { KEEPER, type KeptService } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { podOf } from '../../facts/pods.ts'
import { KEEPER_IMAGE } from '../../plan/images.ts'

/** Decides whether the release has a keeper, and what it keeps. */
export function planKeeper(conversion: Conversion): void {
  const acting = conversion.services.filter(({ plan }) => isActedOn(plan))
  if (acting.length === 0) return
  reportSameName(conversion)
  const watched = new Set(
    acting.flatMap(({ service, plan }) => [
      service,
      ...(plan.keptWith ?? []).map((edge) => edge.service),
      ...[plan.keptAlive?.of, plan.oneShot?.again?.of].flatMap((name) => name ?? []),
    ]),
  )
  const { settings, keeperProgram = noProgram } = conversion
  conversion.plan.keeper = {
    image: settings.keeper?.image ?? KEEPER_IMAGE,
    program: keeperProgram(),
    settings: {
      release: '',
      services: conversion.services
        .filter(({ service }) => watched.has(service))
        .map((service) => keptService(conversion, service)),
    },
  }
}

/** Its objects would take the place of those of the service. */
function reportSameName({ services, origins, report }: Conversion): void {
  for (const { service, plan, at } of services) {
    if (plan.name !== KEEPER) continue
    const span = spanOf(origins, at())
    report({
      code: 'convert/name-of-the-keeper',
      severity: 'error',
      message: `${service} has the name of the pod that restarts services of this release`,
      path: at(),
      hint: 'rename the service',
      ...(span !== undefined && { at: span }),
    })
  }
}

function isActedOn({ keptWith, keptAlive, oneShot }: ServiceConversion['plan']): boolean {
  return keptWith !== undefined || keptAlive !== undefined || oneShot?.again !== undefined
}

function keptService(conversion: Conversion, service: ServiceConversion): KeptService {
  const own = conversion.serviceOf(podOf(service))?.plan ?? service.plan
  const { keptWith, keptAlive, oneShot, reach } = service.plan
  return {
    service: service.service,
    kind: own.kind,
    workload: own.job?.base ?? own.name,
    pods: own.name,
    container: service.plan.name,
    ...(reach.mode !== 'ready' && { reachedWhileEnding: true as const }),
    ...(keptWith !== undefined && { restartsWith: keptWith }),
    ...(keptAlive !== undefined && { alive: keptAlive }),
    ...(oneShot?.again !== undefined && { again: oneShot.again }),
  }
}

function noProgram(): string {
  throw new Error('the program of the keeper was not given to the conversion')
}
