import { spanOf, toPointer } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { PROGRAM_TOKEN_VOLUME, TOKEN_MOUNT } from '../gates/permission.ts'
import { reachOf, rulesOf } from './rules.ts'
import { wordsOf } from './words.ts'

function planService(conversion: Conversion, { service, settings, plan }: ServiceConversion): void {
  const at = (...keys: (string | number)[]) => {
    const path = toPointer(['services', service, 'permissions', ...keys])
    const span = spanOf(conversion.settingsOrigins, path)
    return { path, ...(span === undefined ? {} : { at: span }) }
  }
  for (const [index, permission] of (settings.permissions ?? []).entries()) {
    const { rules, problems } = rulesOf(permission)
    for (const problem of problems)
      conversion.report({
        code: 'convert/wrong-permission',
        severity: 'error',
        message: problem.message,
        hint: problem.hint,
        ...at(index, ...problem.at),
      })
    if (problems.length === 0) plan.permissions.push(...rules)
  }
  if (plan.permissions.length === 0) return
  const reach = plan.permissions.flatMap((rule) => reachOf(rule) ?? [])
  conversion.report({
    code: 'convert/api-access',
    severity: reach.length === 0 ? 'note' : 'warning',
    message: [
      `${service} may use the Kubernetes API in its namespace: ${plan.permissions.map(wordsOf).join('; ')}`,
      ...new Set(reach),
    ].join('; with these rights '),
    hint: 'remove what the program works without',
    ...at(),
  })
}

export default {
  id: 'permissions',
  title: 'Give a program access to the Kubernetes API',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
  },
  part({ permissions }) {
    if (permissions.length === 0) return {}
    return {
      volumes: [PROGRAM_TOKEN_VOLUME],
      mounts: [{ ...TOKEN_MOUNT, name: PROGRAM_TOKEN_VOLUME.name }],
      permit: permissions.map((api) => ({ api })),
    }
  },
} satisfies Adaptation
