import type { KeptService } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { podOf } from '../../facts/pods.ts'
import { KEEPER_IMAGE } from '../../plan/images.ts'

/** Decides whether the release has a keeper, and what it keeps. */
export function planKeeper(conversion: Conversion): void {
  const acting = conversion.services.filter(({ plan }) => isActedOn(plan))
  if (acting.length === 0) return
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
