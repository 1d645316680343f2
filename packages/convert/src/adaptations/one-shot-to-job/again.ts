import type { KeptEffect, Wait } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { isKept, keptEffect } from '../../facts/effects/kept.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import type { Effect } from '../../settings/landfall-file.ts'

/** Seconds after the end of a one-shot; what it has done may show a little later. */
const AFTER = 5

/** What the keeper tests to find out that the effect of a one-shot is gone. */
export function keptAgain(
  conversion: Conversion,
  doneWhen: Effect | undefined,
  check: Wait | undefined,
): KeptEffect | undefined {
  if (doneWhen === undefined || !isKept(check)) return undefined
  const host = effectTarget(doneWhen)?.host.toLowerCase() ?? ''
  return keptEffect(doneWhen, check, {
    owner: conversion.owners.get(host),
    own: false,
    after: AFTER,
  })
}
