import { Buffer } from 'node:buffer'
import type { Adaptation } from '../../adaptation.ts'
import { hostnameOf } from './hostname.ts'
import { buildHostsFiles, hostsFile } from './hosts-file.ts'
import { planOwnNames } from './own-names.ts'

/** Files before DNS, for programs whose resolver asks DNS first where this file is missing. */
const HOSTS_FIRST = 'hosts: files dns\n'

export default {
  id: 'own-name',
  title: 'Let a program find its own address by its own names',
  plan(conversion) {
    for (const { settings, plan } of conversion.services)
      if (settings.hostsFirst === true)
        plan.files.push({
          target: '/etc/nsswitch.conf',
          from: 'landfall',
          tree: false,
          files: [{ path: '', bytes: Buffer.from(HOSTS_FIRST), mode: 0o644 }],
        })
    planOwnNames(conversion)
    for (const service of conversion.services) {
      const hostname = hostnameOf(service)
      if (hostname !== undefined) service.plan.needs.hostname = hostname
    }
  },
  part: hostsFile,
  build(draft) {
    for (const { plan, pod } of draft.workloads)
      if (plan.needs.hostname !== undefined) pod.spec.hostname = plan.needs.hostname
    buildHostsFiles(draft)
  },
} satisfies Adaptation
