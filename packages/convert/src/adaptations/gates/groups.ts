import { toDnsLabel, type Wait } from '@landfall/kube'
import { serviceOf } from '../../objects/bundle-draft.ts'
import type { Gate, Login, Observed, Plan, ServicePlan } from '../../plan/plan.ts'
import { gateName } from './gate-container.ts'
import { isJobGate, isRolloutGate, jobList, ownList, rolloutList } from './lists.ts'

/** Gates of a service whose tests run in one container, because they need the same program. */
export interface GateGroup {
  gates: Gate[]
  /** Keys of the lists that the container reads. */
  lists: string[]
  /** The one list that is of the group alone, if it has one. */
  own?: string
  volume: string
  container: string
  image: string
  logins: Login[]
}

/** The containers in which a service waits, those of the image of the gates first. */
export function groupsOf(service: ServicePlan, plan: Plan): GateGroup[] {
  const { gates } = service
  const usual = gates.filter(({ client }) => client === undefined)
  const tools = gates.filter(({ client }) => client === 'tools')
  const databases = new Map(
    gates.flatMap((gate) => {
      const name = databaseName(gate, plan)
      return name === undefined ? [] : [[name, clientImage(gate, plan)]]
    }),
  )
  return [
    {
      gates: usual,
      ...(usual.every((gate) => isJobGate(gate) || isRolloutGate(gate))
        ? {}
        : { own: ownList(service) }),
      volume: 'gate',
      container: gateName(usual),
      image: plan.images.gate,
    },
    {
      gates: tools,
      own: `znodes-${service.name}`,
      volume: 'gate-znodes',
      container: gateName(tools.map(({ on }) => ({ on: `znode-of-${on}` }))),
      image: plan.images.tools,
    },
    ...[...databases].sort().map(([name, image]) => {
      const asked = gates.filter((gate) => databaseName(gate, plan) === name)
      return {
        gates: asked,
        own: `rows-${service.name}.${name}`,
        volume: `gate-rows-${name}`,
        container: gateName([{ on: `rows-of-${name}` }]),
        image,
      }
    }),
  ]
    .filter(({ gates }) => gates.length > 0)
    .map((group) => ({
      ...group,
      lists: [
        ...[...new Set(group.gates.filter(isJobGate).map(jobList))].sort(),
        ...group.gates.filter(isRolloutGate).map(rolloutList).sort(),
        ...(group.own === undefined ? [] : [group.own]),
      ],
      logins: group.gates.flatMap(({ login }) => login ?? []),
    }))
}

/** The name of the database that an observation asks, as names of objects have it. */
function databaseName({ client }: Observed, plan: Plan): string | undefined {
  if (typeof client !== 'object') return undefined
  return 'service' in client
    ? serviceOf(plan, client.service).name
    : toDnsLabel(client.server, LONGEST_SERVER)
}

/** Characters of a server in the name of a container, after `wait-for-rows-of-`. */
const LONGEST_SERVER = 40

/** The image that observes an effect. */
export function clientImage({ client }: Observed, plan: Plan): string {
  if (client === undefined) return plan.images.gate
  if (client === 'tools') return plan.images.tools
  return 'service' in client ? serviceOf(plan, client.service).image : client.image
}

/** What a wait is about: of the opposite of another one, that. */
export function plainWait(wait: Wait): Exclude<Wait, { kind: 'not' }> {
  return wait.kind === 'not' ? wait.wait : wait
}
