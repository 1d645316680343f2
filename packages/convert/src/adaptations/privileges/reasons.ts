import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'security-context': { outcome: 'kept', text: 'securityContext' },
  'already-privileged': {
    outcome: 'dropped',
    text: 'a privileged container already has all privileges',
  },
  'default-escalation': { outcome: 'kept', text: 'the default for containers' },
  'no-escalation': { outcome: 'kept', text: 'allowPrivilegeEscalation: false' },
  'masked-paths': {
    outcome: 'dropped',
    dangerous: true,
    text: 'an unmasked /proc requires user namespaces',
  },
  'unknown-option': { outcome: 'dropped', text: 'Kubernetes has no option <option>' },
  'seccomp-unconfined': { outcome: 'kept', text: 'seccompProfile Unconfined' },
  'seccomp-default': { outcome: 'kept', text: 'seccompProfile RuntimeDefault' },
  'seccomp-profile': {
    outcome: 'dropped',
    text: 'a seccomp profile is a file on each node: the default profile of the container runtime filters system calls instead',
    hint: 'if the program needs more system calls: seccomp=unconfined; or install the profile on the nodes and use it as a Localhost profile',
  },
  'apparmor-default': {
    outcome: 'adapted',
    text: 'the default AppArmor profile of the container runtime',
  },
  'apparmor-unconfined': { outcome: 'kept', text: 'appArmorProfile Unconfined' },
  'apparmor-profile': {
    outcome: 'adapted',
    text: 'the AppArmor profile <profile>, which must be loaded on each node',
  },
  'selinux-disabled': { outcome: 'kept', text: 'seLinuxOptions: the unconfined type spc_t' },
  'selinux-label': { outcome: 'kept', text: 'seLinuxOptions' },
  'unknown-label': { outcome: 'dropped', text: 'Kubernetes has no label <label>' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('privileges', TABLE)
