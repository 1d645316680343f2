import type { Reason } from '../../ledger/reasons.ts'
import type { Rights } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** What one entry of `security_opt` becomes. */
interface Answer {
  why: Reason
  context?: Rights
}

/** What Docker, by Go's `strconv.ParseBool`, reads as false. */
const FALSE = /^(0|f|F|false|False|FALSE)$/

const SELINUX = ['user', 'role', 'type', 'level'] as const

/** `no-new-privileges`, `seccomp=unconfined`, `label:type:x`: the first mark may be `=` or `:`. */
export function answerTo(option: string): Answer {
  const [, name = option, text = ''] = /^([\w-]+)(?:[=:](.*))?$/s.exec(option.trim()) ?? []
  const value = text.trim()
  if (name === 'no-new-privileges')
    return FALSE.test(value)
      ? { why: reason('default-escalation') }
      : { why: reason('no-escalation'), context: { allowPrivilegeEscalation: false } }
  if (name === 'seccomp') return seccomp(value)
  if (name === 'apparmor') return appArmor(value)
  if (name === 'label') return label(value)
  if (name === 'systempaths') return { why: reason('masked-paths') }
  return { why: reason('unknown-option', { option: name }) }
}

function seccomp(value: string): Answer {
  if (value === 'unconfined')
    return {
      why: reason('seccomp-unconfined'),
      context: { seccompProfile: { type: 'Unconfined' } },
    }
  if (value === 'builtin')
    return {
      why: reason('seccomp-default'),
      context: { seccompProfile: { type: 'RuntimeDefault' } },
    }
  return { why: reason('seccomp-profile') }
}

function appArmor(value: string): Answer {
  const context: Rights =
    value === 'unconfined'
      ? { appArmorProfile: { type: 'Unconfined' } }
      : { appArmorProfile: { type: 'Localhost', localhostProfile: value } }
  if (value === '' || value === 'docker-default') return { why: reason('apparmor-default') }
  if (value === 'unconfined') return { why: reason('apparmor-unconfined'), context }
  return { why: reason('apparmor-profile', { profile: value }), context }
}

/** `disable`, `type:container_t`, `level=s0:c1,c2`. */
function label(value: string): Answer {
  if (value === 'disable')
    return {
      why: reason('selinux-disabled'),
      context: { seLinuxOptions: { type: 'spc_t' } },
    }
  const [, key = '', text = ''] = /^(\w+)[=:](.+)$/.exec(value) ?? []
  if (!SELINUX.some((known) => known === key))
    return { why: reason('unknown-label', { label: value }) }
  return { why: reason('selinux-label'), context: { seLinuxOptions: { [key]: text } } }
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
