import {
  DECLARED_COPIES_ANNOTATION,
  disruptionBudget,
  type KubeObject,
  objectId,
} from '@landfall/kube'
import {
  APPLIED_ANNOTATION,
  RELEASE_LABEL,
  type ReleaseReference,
  releaseObject,
} from '../release/release.ts'
import { copyServices, numberIn } from './copy-services.ts'

/**
 * The objects of a release with other numbers of pods, by workload. A workload that gets several pods gets a budget for disruptions, if it has none
 * and its pods may run on several nodes; it goes with the second pod. A copy with a number gets its Services. A number that the project declares leaves no trace.
 */
export function scaledObjects(
  objects: readonly KubeObject[],
  numbers: ReadonlyMap<string, number>,
  reference: ReleaseReference,
): KubeObject[] {
  const added: KubeObject[] = []
  const gone = new Set<KubeObject>()
  const scaled = objects.map((object) => {
    const copies = numbers.get(objectId(object))
    if (copies === undefined) return object
    const declared = declaredOf(object)
    const workload = withCopies(unreleased(object), copies, declared)
    const budget = objects.find((one) => isBudgetOf(one, object))
    if (copies > 1 && budget === undefined && maySpread(object))
      added.push(releaseObject(budgetFor(workload, declared), reference, true))
    const own = objects.filter((one) => numberIn(one, workload) !== undefined)
    const services = copyServices(own.map(unreleased), workload, copies, declared)
    added.push(...services.added.map((one) => releaseObject(one, reference, true)))
    const names = new Set(services.gone.map(({ metadata }) => metadata.name))
    for (const one of own) if (names.has(one.metadata.name)) gone.add(one)
    if (copies <= 1 && budget?.metadata.annotations?.[DECLARED_COPIES_ANNOTATION] !== undefined)
      gone.add(budget)
    return releaseObject(workload, reference, true)
  })
  return [...scaled.filter((object) => !gone.has(object)), ...added]
}

function declaredOf({ metadata, spec }: KubeObject): number {
  return Number(metadata.annotations?.[DECLARED_COPIES_ANNOTATION] ?? spec?.replicas ?? 1)
}

/** An object as it was before it became part of a release: its hash is then the same again. */
function unreleased(object: KubeObject): KubeObject {
  const { namespace: _, labels, annotations, ...metadata } = object.metadata
  return {
    ...object,
    metadata: {
      ...metadata,
      ...without('labels', labels, RELEASE_LABEL),
      ...without('annotations', annotations, APPLIED_ANNOTATION),
    } as KubeObject['metadata'],
  }
}

/** A mapping without a key, under its name; nothing of one that is then empty. */
function without(
  name: 'labels' | 'annotations',
  map: Record<string, string> = {},
  key: string,
): Pick<KubeObject['metadata'], 'labels' | 'annotations'> {
  const left = Object.entries(map).filter(([one]) => one !== key)
  return left.length === 0 ? {} : { [name]: Object.fromEntries(left) }
}

function withCopies(object: KubeObject, copies: number, declared: number): KubeObject {
  const { annotations, ...metadata } = object.metadata
  const own = without('annotations', annotations, DECLARED_COPIES_ANNOTATION)
  const marked = { ...own.annotations, [DECLARED_COPIES_ANNOTATION]: String(declared) }
  return {
    ...object,
    metadata: { ...metadata, ...(copies === declared ? own : { annotations: marked }) },
    spec: { ...object.spec, replicas: copies },
  }
}

function isBudgetOf({ kind, metadata }: KubeObject, workload: KubeObject): boolean {
  return kind === 'PodDisruptionBudget' && metadata.name === workload.metadata.name
}

/** Pods that must be on one node cannot be replaced on another before it is drained. */
function maySpread({ spec }: KubeObject): boolean {
  const required = spec?.template?.spec?.affinity?.podAffinity
  return required?.requiredDuringSchedulingIgnoredDuringExecution === undefined
}

function budgetFor({ metadata, spec }: KubeObject, declared: number): KubeObject {
  return disruptionBudget(
    {
      name: metadata.name,
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { [DECLARED_COPIES_ANNOTATION]: String(declared) },
    },
    spec.selector.matchLabels,
  )
}
