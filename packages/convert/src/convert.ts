import { type Diagnostic, hasErrors } from '@landfall/diagnostic'
import type { Bundle } from '@landfall/kube'
import { adaptations } from './adaptations/index.ts'
import { buildBundle } from './build-bundle.ts'
import { planChecks } from './checks/plan-checks.ts'
import type { ConvertCode } from './codes.ts'
import { reportDisabled } from './facts/disabled.ts'
import { reportOutsideFiles } from './facts/outside-files.ts'
import { inStep } from './in-step.ts'
import type { ConvertInput } from './input.ts'
import { checkAcceptances, reportRefusals } from './ledger/acceptances.ts'
import { accountForRest } from './ledger/coverage.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Plan } from './plan/plan.ts'
import { planPods } from './pods/plan-pods.ts'
import { reportPowers } from './powers/report.ts'
import { reportExposedSecrets } from './secrets/report.ts'
import { reportBuilds } from './secrets/report-builds.ts'
import { reportTrees } from './secrets/report-trees.ts'
import { startConversion } from './start-conversion.ts'

export interface ConvertResult {
  plan: Plan
  /** Absent when a diagnostic is an error. */
  bundle?: Bundle
  ledger: Ledger
  diagnostics: readonly Diagnostic<ConvertCode>[]
}

/** Decides what each service becomes, then makes the objects. Throws for bugs of ours alone, never for what the user wrote. */
export function convertProject(input: ConvertInput): ConvertResult {
  const { profiles = [] } = input
  const conversion = startConversion(input)
  reportDisabled(conversion)
  if (conversion.services.length === 0)
    conversion.report({
      code: 'convert/nothing-to-run',
      severity: 'warning',
      message: 'no service of the project is enabled: there is nothing to run',
      path: '/services',
      ...(profiles.length > 0 && {
        hint: `enable services with ${profiles.map((profile) => `--profile ${profile}`).join(' or ')}`,
      }),
    })
  for (const { id, plan } of adaptations) inStep(id, () => plan?.(conversion))
  planPods(conversion)
  planChecks(conversion)
  accountForRest(conversion)
  if (input.refused !== undefined) reportOutsideFiles(conversion, input.refused)
  checkAcceptances(conversion)
  reportRefusals(conversion)
  reportPowers(conversion)
  reportExposedSecrets(conversion)
  reportTrees(conversion)
  reportBuilds(conversion)
  const { plan, diagnostics } = conversion
  const result = { plan, ledger: conversion.ledger.entries(), diagnostics }
  if (hasErrors(diagnostics)) return result
  return { ...result, bundle: buildBundle(plan) }
}
