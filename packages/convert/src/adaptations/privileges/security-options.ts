import type { LedgerEntry } from '../../ledger/ledger.ts'
import type { Rights } from '../../plan/plan.ts'

/** What one entry of `security_opt` becomes. */
interface Answer {
  outcome: LedgerEntry['outcome']
  reason: string
  context?: Rights
  more?: Pick<LedgerEntry, 'dangerous' | 'hint'>
}

const SELINUX = ['user', 'role', 'type', 'level'] as const

/** `no-new-privileges`, `seccomp=unconfined`, `label:type:x`: the first mark may be `=` or `:`. */
export function answerTo(option: string): Answer {
  const [, name = option, text = ''] = /^([\w-]+)(?:[=:](.*))?$/s.exec(option.trim()) ?? []
  const value = text.trim()
  if (name === 'no-new-privileges')
    return value === 'false'
      ? { outcome: 'kept', reason: 'what a container may do by default' }
      : {
          outcome: 'kept',
          reason: 'allowPrivilegeEscalation false',
          context: { allowPrivilegeEscalation: false },
        }
  if (name === 'seccomp') return seccomp(value)
  if (name === 'apparmor') return appArmor(value)
  if (name === 'label') return label(value)
  if (name === 'systempaths')
    return {
      outcome: 'dropped',
      reason: 'a container sees all of /proc only with user namespaces',
      more: { dangerous: true, hint: 'accept it if the program works without' },
    }
  return { outcome: 'dropped', reason: `a pod has no option ${name}` }
}

function seccomp(value: string): Answer {
  if (value === 'unconfined')
    return {
      outcome: 'kept',
      reason: 'seccompProfile Unconfined',
      context: { seccompProfile: { type: 'Unconfined' } },
    }
  if (value === 'builtin')
    return {
      outcome: 'kept',
      reason: 'seccompProfile RuntimeDefault',
      context: { seccompProfile: { type: 'RuntimeDefault' } },
    }
  return {
    outcome: 'dropped',
    reason: 'a profile of seccomp is a file on each node; system calls are not filtered by it',
    more: { hint: 'put the profile on the nodes and name it as a Localhost profile' },
  }
}

function appArmor(value: string): Answer {
  const context: Rights =
    value === 'unconfined'
      ? { appArmorProfile: { type: 'Unconfined' } }
      : { appArmorProfile: { type: 'Localhost', localhostProfile: value } }
  if (value === '' || value === 'docker-default')
    return { outcome: 'adapted', reason: 'the default profile of the container runtime' }
  if (value === 'unconfined') return { outcome: 'kept', reason: 'appArmorProfile', context }
  return {
    outcome: 'adapted',
    reason: `the profile ${value}, which each node must have loaded`,
    context,
  }
}

/** `disable`, `type:container_t`, `level=s0:c1,c2`. */
function label(value: string): Answer {
  if (value === 'disable')
    return {
      outcome: 'kept',
      reason: 'seLinuxOptions: a type that SELinux does not confine',
      context: { seLinuxOptions: { type: 'spc_t' } },
    }
  const [, key = '', text = ''] = /^(\w+)[=:](.+)$/.exec(value) ?? []
  if (!SELINUX.some((known) => known === key))
    return { outcome: 'dropped', reason: `a pod has no label ${value}` }
  return { outcome: 'kept', reason: 'seLinuxOptions', context: { seLinuxOptions: { [key]: text } } }
}

/** The contexts of several options as one; labels of SELinux add up. */
export function contextOfOptions(options: readonly string[]): Rights {
  const context: Rights = {}
  for (const option of options) {
    const { context: own = {} } = answerTo(option)
    const labels = { ...context.seLinuxOptions, ...own.seLinuxOptions }
    Object.assign(context, own, Object.keys(labels).length > 0 ? { seLinuxOptions: labels } : {})
  }
  return context
}
