import { wordsOf } from '../adaptations/permissions/words.ts'
import { NODE_NAME_LABEL } from './needs.ts'
import type {
  ContainerPlan,
  Permit,
  PermitRule,
  PodPlan,
  Roll,
  Rollout,
  SpreadRule,
} from './plan.ts'
import { joined, pairs, type Row } from './rows.ts'

/** Seconds that Compose gives a program to stop if the project declares nothing else. */
const USUAL_GRACE = 10

/** What is decided for a pod as a whole; what is as usual is left out. */
export function podRows(pod: PodPlan): Row[] {
  const { needs, rollout, drain, job } = pod
  const { node, placement } = needs
  return [
    ['starts', startOf(pod)],
    ['scaled', pod.scale === undefined ? [] : [renderScale(pod.scale)]],
    ['single', pod.oneCopy === undefined ? [] : [`because ${pod.oneCopy.because.text}`]],
    ['drained', pod.oneAwayAtATime === undefined ? [] : ['one pod at a time']],
    ['replaced', rollout === undefined ? [] : [renderRollout(rollout)]],
    [job === undefined ? 'new pods' : 'again', renderRolls(pod.rolls)],
    [
      'runs',
      job === undefined
        ? []
        : joined([
            job.runs > 1 && `${job.runs} times, all at once`,
            `${job.backoffLimit} more tries ${job.failsWithProgram ? 'if its pod is lost' : 'if it fails'}`,
          ]),
    ],
    ['account', pod.accountIsGiven === true ? joined([pod.account]) : []],
    ['may', renderPermits(pod.permits)],
    [
      'hostname',
      needs.hostname === undefined || needs.hostname === pod.service ? [] : [needs.hostname],
    ],
    ['hosts', needs.hostAliases.map(({ ip, hostnames }) => `${hostnames.join(', ')} at ${ip}`)],
    ['resolver', renderResolver(needs.resolver)],
    ['groups', joined(needs.groups.map(String))],
    [
      'kernel',
      [
        ...needs.sysctls.map(
          ({ name, value, because }) =>
            `${name}=${value}${because === undefined ? '' : `, because ${because.text}`}`,
        ),
        ...needs.writtenSysctls.map(
          ({ name, value }) => `${name}=${value}, by a privileged init container`,
        ),
      ],
    ],
    [
      'shares',
      [
        ...joined([
          node.network && 'the network',
          node.processes && 'the processes',
          node.memory && 'the memory',
        ]).map((what) => `${what} of its node`),
        ...(pod.sharesProcesses ? ['processes among its containers'] : []),
      ],
    ],
    ['node', renderNode(pod.oneNode)],
    [
      'nodes',
      [
        ...joined(pairs(placement.nodeLabels)),
        ...placement.preferred.map(
          ({ key, operator, values = [] }) => `preferred: ${[key, operator, ...values].join(' ')}`,
        ),
        ...placement.spread.map(renderSpread),
        ...(placement.runtimeClass === undefined ? [] : [`RuntimeClass ${placement.runtimeClass}`]),
      ],
    ],
    ['drains', drain === undefined ? [] : [`${drain.seconds} s, because ${drain.because.text}`]],
    ['stops', needs.grace === USUAL_GRACE ? [] : [`within ${needs.grace} s`]],
    [
      'annotations',
      joined([
        countOf(pod.annotations.pod, 'on its pods'),
        countOf(pod.annotations.workload, `on the ${pod.kind}`),
      ]),
    ],
  ]
}

function renderSpread({ topologyKey, maxSkew, hard }: SpreadRule): string {
  const most = topologyKey === NODE_NAME_LABEL ? `, at most ${maxSkew} more on one` : ''
  return `spread over ${topologyKey}${most}${hard === true ? ', or they wait' : ''}`
}

function renderScale({ cpu, memory }: NonNullable<PodPlan['scale']>): string {
  const aims = [
    cpu !== undefined && `${cpu} % of the requested CPU`,
    memory !== undefined && `${memory} % of the requested memory`,
  ]
  return `by load, to use ${joined(aims).join()}`
}

function countOf(annotations: Record<string, string>, where: string): string | undefined {
  const count = Object.keys(annotations).length
  return count === 0 ? undefined : `${count} ${where}`
}

function renderPermits(permits: readonly Permit[]): string[] {
  return [...new Set(permits.flatMap(({ of, rules }) => rules.map((rule) => renderRule(rule, of))))]
}

function renderRule(rule: PermitRule, of: string): string {
  if ('listPods' in rule) return 'list pods'
  if ('deployment' in rule) return `read the rollout of ${rule.deployment}`
  if ('api' in rule) return `${of}: ${wordsOf(rule.api)}`
  return rule.job === of ? 'mark its Job as done' : `read the Job of ${rule.job}`
}

/** The init containers in their order, then what starts side by side; nothing where that is one program alone. */
function startOf({ steps, containers }: PodPlan): string[] {
  if (steps.length === 0 && containers.length < 2) return []
  const together = containers.map(({ name }) => name).join(', ')
  return steps.length === 0 ? [together] : [`${steps.map(renderStep).join(', ')}, then ${together}`]
}

function renderStep({ name, sidecar }: ContainerPlan): string {
  return sidecar === true ? `${name} (sidecar)` : name
}

function renderRollout({ strategy, because, minReadySeconds }: Rollout): string {
  const how =
    strategy.type === 'Recreate'
      ? 'old pods stop first'
      : strategy.rollingUpdate.maxSurge === 0
        ? `${partOf(strategy.rollingUpdate.maxUnavailable)} at a time, old pods first`
        : `${partOf(strategy.rollingUpdate.maxSurge)} at a time, new pods first`
  const proven = minReadySeconds === undefined ? '' : `, each ready for ${minReadySeconds} s`
  return `${how}${proven}, because ${because.text}`
}

function partOf(count: number | string): number | string {
  if (count === '100%') return 'all'
  return typeof count === 'string' ? count.replace('%', ' %') : count
}

function renderRolls(rolls: readonly Roll[]): string[] {
  const contents = [...new Set(rolls.map(renderRoll))]
  return contents.length === 0 ? [] : [`when ${contents.join(' or ')} change`]
}

function renderRoll({ by, pods = [], externals = [] }: Roll): string {
  if (by === 'externals') return `the addresses of ${externals.join(', ')}`
  if (by === 'files') return 'its files'
  return by === 'environment' ? 'its secret variables' : `the pods of ${pods.join(', ')}`
}

function renderResolver(resolver: PodPlan['needs']['resolver']): string[] {
  const { nameservers = [], searches = [], options = [] } = resolver ?? {}
  return [
    ...nameservers.map((address) => `nameserver ${address}`),
    ...joined(searches).map((domains) => `search ${domains}`),
    ...options.map(({ name, value }) => `option ${name}${value === undefined ? '' : `:${value}`}`),
  ]
}

function renderNode(oneNode: PodPlan['oneNode']): string[] {
  if (oneNode === undefined) return []
  return [
    oneNode.group === undefined
      ? 'the same for all of its pods'
      : `the same for all pods of the volume group ${oneNode.group}`,
  ]
}
