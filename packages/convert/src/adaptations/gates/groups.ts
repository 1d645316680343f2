import type { Wait } from '@landfall/kube'
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
  const databases = [...new Set(gates.flatMap((gate) => clientService(gate) ?? []))].sort()
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
    ...databases.map((database) => {
      const { name, image } = serviceOf(plan, database)
      const asked = gates.filter((gate) => clientService(gate) === database)
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

/** The service whose image has the program that an observation needs. */
function clientService({ client }: Observed): string | undefined {
  return typeof client === 'object' ? client.service : undefined
}

/** The image that observes an effect. */
export function clientImage({ client }: Observed, plan: Plan): string {
  if (client === undefined) return plan.images.gate
  return client === 'tools' ? plan.images.tools : serviceOf(plan, client.service).image
}

/** What a wait is about: of the opposite of another one, that. */
export function plainWait(wait: Wait): Exclude<Wait, { kind: 'not' }> {
  return wait.kind === 'not' ? wait.wait : wait
}
