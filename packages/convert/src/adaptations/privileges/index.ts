import type { Service } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { isPrivileged } from '../../facts/privileged.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import type { Rights } from '../../plan/plan.ts'
import { reason } from './reasons.ts'
import { answerTo, contextOfOptions } from './security-options.ts'

/** Docker writes capabilities with and without the prefix, Kubernetes without. */
function capabilities(names: readonly string[] | undefined): string[] | undefined {
  return names?.length ? names.map((name) => name.toUpperCase().replace(/^CAP_/, '')) : undefined
}

function optionsOf({ security_opt }: Service): string[] {
  return Array.isArray(security_opt) ? security_opt.map(String) : []
}

function rightsOf(service: ServiceConversion): Rights {
  const { compose } = service
  const add = capabilities(compose.cap_add)
  const drop = capabilities(compose.cap_drop)
  const { allowPrivilegeEscalation, ...options } = contextOfOptions(optionsOf(compose))
  const privileged = isPrivileged(service)
  return {
    ...(privileged ? { privileged } : {}),
    ...(compose.read_only === true ? { readOnlyRootFilesystem: true } : {}),
    // The API takes no container that is privileged and must not become so.
    ...(allowPrivilegeEscalation === false && !privileged ? { allowPrivilegeEscalation } : {}),
    ...options,
    ...(add === undefined && drop === undefined
      ? {}
      : {
          capabilities: {
            ...(add === undefined ? {} : { add }),
            ...(drop === undefined ? {} : { drop }),
          },
        }),
  }
}

export default {
  id: 'privileges',
  reasons: reason,
  title: 'Keep the privileges of a program',
  plan({ services }) {
    for (const service of services) {
      const { compose, plan, note } = service
      plan.rights = { ...plan.rights, ...rightsOf(service) }
      for (const key of ['privileged', 'read_only', 'cap_add', 'cap_drop'] as const)
        if (compose[key] !== undefined) note([key], reason('security-context'))
      for (const [index, option] of optionsOf(compose).entries()) {
        const { why, context } = answerTo(option)
        const useless = context?.allowPrivilegeEscalation === false && isPrivileged(service)
        note(['security_opt', index], useless ? reason('already-privileged') : why)
      }
    }
  },
  build(draft) {
    for (const { service, container } of containersOf(draft, 'program'))
      if (Object.keys(service.rights).length > 0) container.securityContext = service.rights
  },
} satisfies Adaptation
