import type { KubeObject } from './object.ts'
import { IN_EVERY_NAMESPACE, objectId } from './reference.ts'

/** An object that pods refer to and that must be in the cluster before they start. */
export interface Need {
  kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim'
  name: string
  /** Keys that are mounted or read, sorted, each with how. */
  keys: { key: string; as: 'file' | 'variable' }[]
  /** The workloads that refer to it: `deployment/web`. */
  by: string[]
}

/** What the pods of some objects refer to that is not among the objects, sorted by kind and name. */
export function needsOf(objects: Iterable<KubeObject>): Need[] {
  const all = [...objects]
  const there = new Set(all.map(objectId))
  const needs = new Map<string, Need>()
  for (const object of all)
    for (const { kind, name, keys = [] } of podReferences(object.spec?.template?.spec)) {
      const id = `${kind.toLowerCase()}/${name}`
      if (there.has(id) || IN_EVERY_NAMESPACE.has(id)) continue
      const need = needs.get(id) ?? { kind, name, keys: [], by: [] }
      needs.set(id, need)
      for (const one of keys) if (!need.keys.some(({ key }) => key === one.key)) need.keys.push(one)
      const by = objectId(object)
      if (!need.by.includes(by)) need.by.push(by)
    }
  for (const { keys, by } of needs.values()) {
    keys.sort((a, b) => (a.key < b.key ? -1 : 1))
    by.sort()
  }
  return [...needs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, need]) => need)
}

/** The Secrets that the pods of a workload mount or read, sorted; without those that they can start without. */
export function secretsOfPods({ spec }: KubeObject): string[] {
  const found = [...podReferences(spec?.template?.spec)].filter(({ kind }) => kind === 'Secret')
  return [...new Set(found.map(({ name }) => name))].sort()
}

/** The ConfigMaps and Secrets that the pods of a template need. */
export function configurationOfPods({
  spec,
}: Pick<KubeObject, 'spec'>): Pick<Need, 'kind' | 'name'>[] {
  return [...podReferences(spec?.template?.spec)].filter(
    ({ kind }) => kind === 'ConfigMap' || kind === 'Secret',
  )
}

type Reference = Pick<Need, 'kind' | 'name'> & { keys?: Need['keys'] }

interface Source {
  name?: string
  secretName?: string
  claimName?: string
  key?: string
  optional?: boolean
  items?: { key: string }[]
}

interface Volume {
  secret?: Source
  configMap?: Source
  persistentVolumeClaim?: Source
  projected?: { sources?: { secret?: Source; configMap?: Source }[] }
}

interface ContainerSpec {
  env?: { valueFrom?: { secretKeyRef?: Source; configMapKeyRef?: Source } }[]
}

interface PodParts {
  volumes?: Volume[]
  containers?: ContainerSpec[]
  initContainers?: ContainerSpec[]
}

function* podReferences(spec: PodParts | undefined): Generator<Reference> {
  for (const volume of spec?.volumes ?? []) {
    const { projected, persistentVolumeClaim } = volume
    yield* fileReferences(volume)
    for (const source of projected?.sources ?? []) yield* fileReferences(source)
    if (persistentVolumeClaim?.claimName !== undefined)
      yield { kind: 'PersistentVolumeClaim', name: persistentVolumeClaim.claimName }
  }
  for (const { env = [] } of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])])
    for (const { valueFrom } of env) {
      yield* variableReference('Secret', valueFrom?.secretKeyRef)
      yield* variableReference('ConfigMap', valueFrom?.configMapKeyRef)
    }
}

function* fileReferences(source: Pick<Volume, 'secret' | 'configMap'>): Generator<Reference> {
  for (const [kind, found] of [
    ['Secret', source.secret],
    ['ConfigMap', source.configMap],
  ] as const) {
    const name = found?.name ?? found?.secretName
    if (name === undefined || found?.optional === true) continue
    yield { kind, name, keys: (found?.items ?? []).map(({ key }) => ({ key, as: 'file' })) }
  }
}

function* variableReference(
  kind: 'Secret' | 'ConfigMap',
  source: Source | undefined,
): Generator<Reference> {
  if (source?.name === undefined || source.key === undefined || source.optional === true) return
  yield { kind, name: source.name, keys: [{ key: source.key, as: 'variable' }] }
}
