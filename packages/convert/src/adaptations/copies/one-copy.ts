import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type Membership, membersOf } from '../../facts/members.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import type { OneCopy } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { knownProgram } from './known-programs.ts'

/** An objection to more than one copy of a service. */
export interface Objection extends OneCopy {
  /**
   * `always`: it is wrong however it comes about. `landfall`: Compose runs it all the same, on one machine. `undeclared`: it works where the
   * number is declared, because the plan then differs.
   */
  holds: 'always' | 'landfall' | 'undeclared'
}

/** A variable that gives a process its own number or name among others of its kind. */
const IDENTITY = /(^|[._])(BROKER|NODE|SERVER|MEMBER|MACHINE|SITE|MY|SHARD|DATACENTER)[._]?ID$/i

/** The first objection to copies of each service, by its key; those of services without one are missing. */
export function objectionsOf(conversion: Conversion): Map<string, Objection> {
  const memberships = membersOf(conversion.services)
  const found = new Map<string, Objection>()
  for (const service of conversion.services) {
    const { kind, oncePerPod } = service.plan
    if (kind !== 'Deployment' || oncePerPod !== undefined) continue
    const objection = objectionTo(conversion, service, memberships.get(service.service))
    if (objection !== undefined) found.set(service.service, objection)
  }
  return found
}

function objectionTo(
  conversion: Conversion,
  service: ServiceConversion,
  membership: Membership | undefined,
): Objection | undefined {
  const { settings } = service
  if (settings.singleton === false) return undefined
  return (
    declared(service) ??
    member(membership) ??
    program(service, membership) ??
    identity(service) ??
    claim(conversion, service) ??
    hostPort(service) ??
    early(service)
  )
}

function declared({ service, settings: { singleton } }: ServiceConversion): Objection | undefined {
  if (singleton === undefined || singleton === false) return undefined
  return {
    holds: 'always',
    because:
      typeof singleton === 'string'
        ? because('declared', { why: singleton })
        : because('declared-without-reason'),
    remedy: `remove services.${service}.singleton from landfall.yaml if this no longer holds`,
  }
}

/** Copies of one service that find each other by its name are a cluster of any size; members with names are not. */
function member(membership: Membership | undefined): Objection | undefined {
  if (membership === undefined || membership.members.length < 2) return undefined
  return {
    holds: 'landfall',
    because: because('member', { where: membership.where }),
    remedy: 'declare each further member as a service of its own',
  }
}

function program(
  service: ServiceConversion,
  membership: Membership | undefined,
): Objection | undefined {
  const known = membership === undefined ? knownProgram(service) : undefined
  if (known === undefined) return undefined
  const { program: name, why, remedy } = known
  return { holds: 'always', because: because('program', { program: name, why }), remedy }
}

function identity({ compose }: ServiceConversion): Objection | undefined {
  const variable = Object.entries(compose.environment ?? {}).find(
    ([name, value]) => IDENTITY.test(name) && value !== null && value !== '',
  )
  if (variable === undefined) return undefined
  return {
    holds: 'landfall',
    because: because('identity', { variable: variable[0] }),
    remedy: 'declare each copy as a service with an identity of its own',
  }
}

/** A claim that is not ReadWriteMany: copies of a declared number run together on its node. */
export function claim(
  { plan: { volumes } }: Conversion,
  { plan }: ServiceConversion,
): Objection | undefined {
  const held = plan.volumes.flatMap((mount) => {
    const volume = volumes.find((one) => one.volume === mount.volume)
    return mount.ephemeral || volume === undefined || volume.shared || volume.source !== undefined
      ? []
      : [mount]
  })
  const [mount] = [...held].sort((a, b) => Number(a.readOnly) - Number(b.readOnly))
  if (mount === undefined) return undefined
  const { volume } = mount
  if (mount.readOnly)
    return {
      holds: 'undeclared',
      because: because('read-claim', { volume }),
      remedy: `declare services.${plan.service}.replicas in landfall.yaml, or volumes.${volume}.shared: true if its StorageClass supports ReadWriteMany`,
    }
  return {
    holds: 'landfall',
    because: because('claim', { volume }),
    remedy: `declare volumes.${volume}.shared: true in landfall.yaml if its StorageClass supports ReadWriteMany and several copies may write there`,
  }
}

function hostPort({ plan }: ServiceConversion): Objection | undefined {
  const port =
    plan.published.find(({ hostPort: number }) => number !== undefined)?.hostPort ??
    (plan.needs.node.network === true ? plan.ports[0]?.port : undefined)
  if (port === undefined) return undefined
  return {
    holds: 'landfall',
    because: because('host-port', { port }),
    remedy:
      'use expose: { type: NodePort } or LoadBalancer, or deploy.mode: global for one copy on each node',
  }
}

/** A declared number of copies is reached when ready. */
function early({ plan }: ServiceConversion): Objection | undefined {
  if (plan.reach.mode === 'ready' || mostCopies(plan) > 1) return undefined
  return {
    holds: 'undeclared',
    because: because('early'),
    remedy: `declare services.${plan.service}.replicas in landfall.yaml and run \`landfall up\`: several copies are reached when they are ready`,
  }
}
