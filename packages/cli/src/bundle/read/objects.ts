import type { KubeObject } from '@landfall/kube'
import type { BundleReport, Manifest, Path } from '../manifest.ts'
import { readDocuments, type YamlDocument } from './yaml.ts'

type Fields = Record<string, unknown>

/** What API servers write into objects; manifests have it from `kubectl get -o yaml`. */
const OF_SERVERS = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]

/** The objects of a text with any number of documents, those of Lists included. */
export function readObjects(text: string, file: string, report: BundleReport): Manifest[] {
  return readDocuments(text, file, report).flatMap((document) =>
    objectsOf(document, document.value, [], report),
  )
}

function objectsOf(
  document: YamlDocument,
  value: unknown,
  path: Path,
  report: BundleReport,
): Manifest[] {
  const refuse = (message: string, at: Path, hint?: string): Manifest[] => {
    report({
      code: 'cli/manifest-incomplete',
      severity: 'error',
      message,
      path: '',
      at: document.at([...path, ...at]),
      ...(hint !== undefined && { hint }),
    })
    return []
  }
  if (!isFields(value)) return refuse('this is not a Kubernetes object', [])
  const { apiVersion, kind } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    return refuse(
      `a Kubernetes object has ${typeof apiVersion === 'string' ? 'a kind' : 'an apiVersion'}`,
      typeof apiVersion === 'string' ? ['kind'] : ['apiVersion'],
      isFields(value.services) && value.kind === undefined
        ? 'a Compose file is deployed without --bundle'
        : undefined,
    )
  if (apiVersion.startsWith('kustomize.config.k8s.io/'))
    return refuse(`a ${kind} is for kustomize`, ['kind'], 'use its directory')
  if (Array.isArray(value.items) && kind.endsWith('List'))
    return value.items.flatMap((item, index) =>
      objectsOf(document, item, [...path, 'items', index], report),
    )
  const metadata = isFields(value.metadata) ? value.metadata : {}
  if (typeof metadata.name !== 'string' || metadata.name === '')
    return refuse(
      `the ${kind} has no name`,
      ['metadata'],
      metadata.generateName === undefined
        ? undefined
        : 'generateName makes another object at each deploy: use metadata.name',
    )
  const unsafe = unsafeNumber(value, [])
  if (unsafe !== undefined)
    return refuse('the number is too large to be kept exactly', unsafe, 'write it in quotes')
  return [{ object: plainObject(value), at: (at) => document.at([...path, ...at]) }]
}

/** The object as a person would have written it: without what servers set, and without keys that have no value. */
function plainObject({ status: _, ...object }: Fields): KubeObject {
  const metadata = Object.entries(object.metadata as Fields).filter(
    ([key]) => !OF_SERVERS.includes(key),
  )
  const texts = (data: unknown) =>
    isFields(data)
      ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value ?? '']))
      : data
  const data = Object.fromEntries(
    ['data', 'stringData', 'binaryData']
      .filter((key) => /^(?:ConfigMap|Secret)$/.test(String(object.kind)) && key in object)
      .map((key) => [key, texts(object[key])]),
  )
  return withoutNulls({
    ...object,
    metadata: Object.fromEntries(metadata),
    ...data,
  }) as KubeObject
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null && one !== undefined)
      .map(([key, one]) => [key, withoutNulls(one)]),
  )
}

/** The path of an integer that JavaScript does not keep exactly, or of what is no number in JSON. */
function unsafeNumber(value: unknown, path: Path): Path | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
      ? undefined
      : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, one] of Object.entries(value)) {
    const found = unsafeNumber(one, [...path, Array.isArray(value) ? Number(key) : key])
    if (found !== undefined) return found
  }
  return undefined
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
