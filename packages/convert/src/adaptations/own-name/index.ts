import { Buffer } from 'node:buffer'
import { toDnsLabel } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'

const id = 'own-name'

/** Files before DNS, for programs whose resolver asks DNS first where this file is missing. */
const HOSTS_FIRST = 'hosts: files dns\n'

/** The name that a container has for itself under Compose, where Kubernetes can give it. */
export function hostnameOf({ compose, plan, service }: ServiceConversion): string {
  const written = compose.hostname ?? compose.container_name ?? service
  const known = plan.names.find((name) => name.written === written)
  return toDnsLabel(known?.name ?? written.split('.')[0] ?? written)
}

/** Several pods have names of their own, unless the project gives all of them one. */
function hasOneName({ compose, plan }: ServiceConversion): boolean {
  return compose.hostname !== undefined || (plan.replicas === 1 && plan.kind !== 'DaemonSet')
}

export default {
  id,
  title: 'Let a program find its own address under its own name',
  plan({ services }) {
    for (const { settings, plan } of services)
      if (settings.hostsFirst === true)
        plan.files.push({
          target: '/etc/nsswitch.conf',
          from: 'landfall',
          tree: false,
          files: [{ path: '', bytes: Buffer.from(HOSTS_FIRST), mode: 0o644 }],
        })
  },
  build({ workloads }) {
    for (const { from, pod } of workloads)
      if (hasOneName(from)) pod.spec.hostname = hostnameOf(from)
  },
} satisfies Adaptation
