import { isDnsLabel, isServiceName, type KubeObject } from '@landfall/kube'
import type { Finding, Rule } from './finding.ts'
import { templatesOf } from './pods.ts'
import { repeated } from './repeated.ts'

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/
const ANNOTATIONS_LIMIT = 262_144

/** Kinds whose name becomes a label of their pods. */
const LABEL_NAMES = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'])

/** Legal and unique names, labels, annotations and keys. */
export const metadataRule: Rule = (objects) => {
  const { all } = objects
  const names = [...all.values()].map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  return [
    ...repeated(names).map((name) => ({
      object: name.toLowerCase().replace(' ', '/'),
      at: '/metadata/name',
      message: `two objects are the ${name}`,
    })),
    ...[...all].flatMap(([role, object]) =>
      [...checkName(object), ...checkMaps(object.metadata), ...checkKeys(object)].map(
        ([at, message]): Finding => ({ object: role, at, message }),
      ),
    ),
    ...templatesOf(objects).flatMap(({ object, at, template }) =>
      checkMaps(template.metadata).map(
        ([below, message]): Finding => ({ object, at: `${at}${below}`, message }),
      ),
    ),
  ]
}

type Problem = readonly [at: string, message: string]

function checkName({ kind, metadata: { name } }: KubeObject): Problem[] {
  const legal =
    kind === 'Service'
      ? isServiceName(name)
      : LABEL_NAMES.has(kind)
        ? isDnsLabel(name)
        : name.length <= 253 && SUBDOMAIN.test(name)
  return legal ? [] : [['/metadata/name', `${name} is no name of a ${kind}`]]
}

function checkMaps(metadata: {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}): Problem[] {
  const { labels = {}, annotations = {} } = metadata
  const size = Object.entries(annotations).reduce((sum, [k, v]) => sum + k.length + v.length, 0)
  return [
    ...Object.keys({ ...labels, ...annotations })
      .filter((key) => !isQualified(key))
      .map((key): Problem => ['/metadata', `${key} is no key of a label or an annotation`]),
    ...Object.entries(labels)
      .filter(([, value]) => value !== '' && !QUALIFIED.test(value))
      .map(([key, value]): Problem => ['/metadata/labels', `${key} cannot be "${value}"`]),
    ...(size > ANNOTATIONS_LIMIT
      ? [['/metadata/annotations', 'the annotations are too long'] as const]
      : []),
  ]
}

/** The few keys that all objects have are looked at once. */
const looked = new Map<string, boolean>()

function isQualified(key: string): boolean {
  const known = looked.get(key) ?? isQualifiedName(key)
  looked.set(key, known)
  return known
}

function isQualifiedName(key: string): boolean {
  const [name = '', prefix] = key.split('/').reverse()
  return (
    QUALIFIED.test(name) &&
    key.split('/').length <= 2 &&
    (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)))
  )
}

function checkKeys({ kind, data, binaryData, stringData }: KubeObject): Problem[] {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return []
  return Object.keys({ ...data, ...binaryData, ...stringData })
    .filter((key) => !DATA_KEY.test(key) || key === '.' || key === '..')
    .map((key): Problem => ['/data', `${key} is no key of a ${kind}`])
}
