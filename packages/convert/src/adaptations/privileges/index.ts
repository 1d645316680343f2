import type { Service } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import type { SecurityContext } from '../../pod.ts'

const id = 'privileges'

/** Docker writes capabilities with and without the prefix, Kubernetes without. */
function capabilities(names: readonly string[] | undefined): string[] | undefined {
  return names?.length ? names.map((name) => name.toUpperCase().replace(/^CAP_/, '')) : undefined
}

function isNoNewPrivileges(option: unknown): boolean {
  return /^no-new-privileges([:=]true)?$/.test(String(option))
}

function contextOf(compose: Service): SecurityContext {
  const add = capabilities(compose.cap_add)
  const drop = capabilities(compose.cap_drop)
  const options = Array.isArray(compose.security_opt) ? compose.security_opt : []
  return {
    ...(compose.privileged === true ? { privileged: true } : {}),
    ...(compose.read_only === true ? { readOnlyRootFilesystem: true } : {}),
    ...(options.some(isNoNewPrivileges) && compose.privileged !== true
      ? { allowPrivilegeEscalation: false }
      : {}),
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
  id,
  title: 'Give a program the privileges that the project gives it',
  plan({ services }) {
    for (const { compose, note } of services) {
      for (const key of ['privileged', 'read_only', 'cap_add', 'cap_drop'] as const)
        if (compose[key] !== undefined) note(id, [key], 'kept', 'securityContext')
      const options = Array.isArray(compose.security_opt) ? compose.security_opt : []
      for (const [index, option] of options.entries())
        if (isNoNewPrivileges(option))
          note(id, ['security_opt', index], 'kept', 'allowPrivilegeEscalation false')
        else note(id, ['security_opt', index], 'dropped', 'this profile is not converted yet')
    }
  },
  build({ workloads }) {
    for (const { from, program } of workloads) {
      const context = contextOf(from.compose)
      if (Object.keys(context).length > 0)
        program.securityContext = { ...program.securityContext, ...context }
    }
  },
} satisfies Adaptation
