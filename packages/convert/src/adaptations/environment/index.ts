import { ownValue, type TextFinder } from '@landfall/diagnostic'
import { isEnvironmentName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { whySecret } from '../../facts/secret-variables.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import type { SecretRules } from '../../settings/landfall-file.ts'
import { buildEnvironment } from './build.ts'
import { reason } from './reasons.ts'

function planService(
  service: ServiceConversion,
  rules: SecretRules | undefined,
  known: TextFinder,
): void {
  const { compose, settings, plan, note } = service
  if (compose.environment !== undefined) note(['environment'], reason('as-under-compose'))
  for (const [name, value] of Object.entries(compose.environment ?? {})) {
    const at = ['environment', name]
    if (ownValue(settings.environment, name) !== undefined) continue
    if (value === null) note(at, reason('unset'))
    else if (!isEnvironmentName(name)) note(at, reason('invalid-name'))
    else planVariable(service, name, value, rules, known)
  }
  for (const [name, { secret, key = name }] of Object.entries(settings.environment ?? {})) {
    if (secret === undefined) continue
    plan.secretReferences[name] = { secret, key }
    if (ownValue(compose.environment, name) !== undefined)
      note(['environment', name], reason('existing-secret', { secret, key }))
  }
}

function planVariable(
  { plan, note }: ServiceConversion,
  name: string,
  value: string,
  rules: SecretRules | undefined,
  known: TextFinder,
): void {
  plan.environment[name] = value
  const why = whySecret(name, value, rules, known)
  if (why === undefined) return
  plan.secretVariables.push(name)
  note(
    ['environment', name],
    why.by === 'value'
      ? reason('secret-by-value', { name, what: why.what })
      : reason(`secret-by-${why.by}`, { name }),
  )
}

export default {
  id: 'environment',
  reasons: reason,
  title: 'Set the environment of a program, with secrets in Secrets',
  plan(conversion) {
    const known = knownSecretsOf(conversion)
    for (const service of conversion.services)
      planService(service, conversion.settings.secrets, known)
  },
  part({ kind, secretVariables }) {
    // A program reads its variables when it starts: `landfall up` replaces the pods, and runs Jobs again.
    const rolls = kind !== 'Job' && secretVariables.length > 0
    return rolls ? { rolls: [{ by: 'environment' }] } : {}
  },
  build: buildEnvironment,
} satisfies Adaptation
