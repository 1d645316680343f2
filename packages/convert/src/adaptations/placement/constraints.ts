import type { ServiceConversion } from '../../conversion.ts'
import { NODE_NAME_LABEL } from '../../plan/needs.ts'
import type { NodeExpression } from '../../plan/plan.ts'
import { architectureOf } from './platform.ts'

const PLACEMENT = ['deploy', 'placement']

/** A constraint; without an expression where it says nothing about a node of Kubernetes. */
export interface Term {
  keys: (string | number)[]
  expression?: NodeExpression
}

/** A rule that spreads pods; without a key where the preference names no label of a node. */
export interface Spread {
  keys: (string | number)[]
  topologyKey?: string
  maxSkew: number
}

interface Placement {
  constraints?: string[]
  preferences?: { spread?: string }[]
  max_replicas_per_node?: number
}

function placementOf({ compose }: ServiceConversion): Placement {
  return (compose.deploy?.placement ?? {}) as Placement
}

/** Constraints as terms of a node affinity. */
export function constraintsOf(service: ServiceConversion): Term[] {
  return (placementOf(service).constraints ?? []).map((text, index) => {
    const keys = [...PLACEMENT, 'constraints', index]
    const [, subject = '', operator, value = ''] =
      /^\s*([\w./-]+)\s*(==|!=)\s*(.*?)\s*$/.exec(text) ?? []
    const expression =
      operator === undefined ? undefined : expressionOf(subject, operator === '==', value)
    return { keys, ...(expression === undefined ? {} : { expression }) }
  })
}

function expressionOf(subject: string, equal: boolean, value: string): Term['expression'] {
  if (subject === 'node.role')
    return {
      key: 'node-role.kubernetes.io/control-plane',
      operator: (value === 'manager') === equal ? 'Exists' : 'DoesNotExist',
    }
  const within = (key: string, known: string | undefined) =>
    known === undefined || !isLabelValue(known)
      ? undefined
      : { key, operator: equal ? 'In' : 'NotIn', values: [known] }
  if (subject === 'node.hostname') return within(NODE_NAME_LABEL, value)
  if (subject === 'node.platform.os') return within('kubernetes.io/os', value.toLowerCase())
  if (subject === 'node.platform.arch')
    return within('kubernetes.io/arch', architectureOf(value.toLowerCase()))
  const label = /^node\.labels\.(.+)$/.exec(subject)?.[1]
  return label === undefined || !isLabelKey(label) ? undefined : within(label, value)
}

/** Preferences and the most pods of a node, as rules that spread pods where there is room. */
export function spreadsOf(service: ServiceConversion): Spread[] {
  const { preferences = [], max_replicas_per_node } = placementOf(service)
  const spreads: Spread[] = preferences.map(({ spread = '' }, index) => {
    const keys = [...PLACEMENT, 'preferences', index]
    const label = /^node\.labels\.(.+)$/.exec(spread)?.[1]
    return label === undefined || !isLabelKey(label)
      ? { keys, maxSkew: 1 }
      : { keys, topologyKey: label, maxSkew: 1 }
  })
  if (typeof max_replicas_per_node === 'number' && max_replicas_per_node > 0)
    spreads.push({
      keys: [...PLACEMENT, 'max_replicas_per_node'],
      topologyKey: NODE_NAME_LABEL,
      maxSkew: max_replicas_per_node,
    })
  return spreads
}

function isLabelKey(key: string): boolean {
  return /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(key)
}

function isLabelValue(value: string): boolean {
  return value === '' || /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(value)
}
