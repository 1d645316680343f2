import type { KubeObject } from '@landfall/kube'
import { objectKey } from './inventory.ts'

/** What the API server sets where a Deployment has no strategy (SetDefaults_Deployment). */
const STRATEGY = {
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
}

/** Kinds whose pods change in place; a Job whose template changes is replaced. */
const TEMPLATED = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']

/**
 * The objects with defaults that would not come back by themselves, because an apply removes only what an apply has set. A `rollingUpdate` that
 * the API server has set makes it refuse `type: Recreate`. A `serviceAccountName` stays through its old name `serviceAccount`, which the API
 * server fills in (Convert_v1_PodSpec_To_core_PodSpec), and the account may be gone. `live`: what is in the cluster, by inventory key.
 */
export function withExplicitDefaults(
  objects: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject>,
): KubeObject[] {
  return objects.map((object) => {
    if (!TEMPLATED.includes(object.kind) || object.spec?.template?.spec === undefined) return object
    return withStrategy(withAccount(object, live.get(objectKey(object))))
  })
}

function withStrategy(object: KubeObject): KubeObject {
  const { kind, spec } = object
  if (kind !== 'Deployment' || spec.strategy !== undefined) return object
  return { ...object, spec: { ...spec, strategy: STRATEGY } }
}

function withAccount(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const { spec } = object
  const { template } = spec
  const { serviceAccountName, serviceAccount } = template.spec
  const present = live?.spec?.template?.spec?.serviceAccountName
  if (serviceAccountName !== undefined || serviceAccount !== undefined || present === undefined)
    return object
  const pod = { ...template.spec, serviceAccountName: 'default' }
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } }
}
