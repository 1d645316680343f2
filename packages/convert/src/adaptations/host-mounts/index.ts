import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type MountFact, mountFact, mountsOf } from '../../facts/mounts.ts'
import type { LedgerEntry } from '../../ledger/ledger.ts'

const id = 'host-mounts'

/** Paths that tell the time zone of the machine; a pod has UTC. */
const TIME_ZONE = /^\/etc\/(localtime|timezone)$/

type Finding = Pick<LedgerEntry, 'reason' | 'dangerous' | 'hint'>

function findingOf(fact: MountFact, target: string): Finding | undefined {
  switch (fact.kind) {
    case 'engine-socket':
      return {
        reason: 'there is no Docker engine to talk to on a Kubernetes node',
        dangerous: true,
        hint: 'accept it if the program works without, or take the path of the node: services.NAME.host.paths in landfall.yaml',
      }
    case 'system':
      if (TIME_ZONE.test(fact.source))
        return {
          reason: 'a pod runs in UTC',
          hint: 'set the variable TZ where the program needs another time zone',
        }
      return {
        reason: `${fact.source} belongs to the machine and differs from node to node`,
        dangerous: true,
        hint: 'accept it if the program works without, or take that of the node: services.NAME.host.paths in landfall.yaml',
      }
    case 'foreign-directory':
      return {
        reason: `${fact.source} lies outside the project and is written to`,
        dangerous: true,
        hint: `use a named volume for ${target}, or mount it read-only if its files are configuration`,
      }
    case 'special':
      return {
        reason: `${fact.source} is neither a file nor a directory`,
        dangerous: true,
        hint: 'accept it if the program works without',
      }
    case 'unknown':
      return { reason: 'this type of mount is not converted yet', dangerous: true }
    default:
      return undefined
  }
}

function planService(conversion: Conversion, service: ServiceConversion): void {
  const allowed = service.settings.host?.paths ?? []
  for (const { mount, keys, ...rest } of mountsOf(conversion, service)) {
    const { target, source = '' } = mount
    const finding = findingOf(mountFact(conversion, { mount, keys, ...rest }), target)
    if (finding === undefined) continue
    const { reason, ...more } = finding
    if (allowed.includes(source)) {
      service.plan.hostPaths.push({ source, target, readOnly: mount.read_only === true })
      service.add(id, keys, 'adapted', `${source} of whichever node the pod runs on`)
    } else service.add(id, keys, 'dropped', reason, more)
  }
}

export default {
  id,
  title: 'Find mounts of the machine and leave the choice to the user',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
  },
  part({ hostPaths }) {
    const named = hostPaths.map((path, index) => ({ ...path, name: `host-${index}` }))
    return {
      volumes: named.map(({ name, source }) => ({ name, path: source })),
      mounts: named.map(({ name, target, readOnly }) => ({
        name,
        mountPath: target,
        ...(readOnly ? { readOnly } : {}),
      })),
    }
  },
} satisfies Adaptation
