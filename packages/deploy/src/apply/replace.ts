import { ownValue } from '@landfall/diagnostic'
import { canonicalJson, type KubeObject, objectStatus } from '@landfall/kube'
import { contains } from '../drift/lost-fields.ts'

/** Why the cluster would refuse a change of an object, so that it has to be deleted and created again; undefined if it accepts it. */
export type ReplaceRule = (live: KubeObject, desired: KubeObject) => string | undefined

/** Fields that cannot be changed, kind by kind. A claim is never replaced: that would lose its data. */
const RULES: Record<string, ReplaceRule> = {
  Deployment: changedSelector,
  StatefulSet: (live, desired) =>
    changedSelector(live, desired) ??
    changedField(live.spec, desired.spec, 'serviceName') ??
    changedField(live.spec, desired.spec, 'volumeClaimTemplates'),
  DaemonSet: changedSelector,
  Job: (live, desired) => {
    if (objectStatus(live).state === 'failed') return 'its last run failed'
    return changedField(live.spec, desired.spec, 'template')
  },
  ConfigMap: changedContent,
  Secret: changedContent,
  RoleBinding: (live, desired) => changedField(live, desired, 'roleRef'),
  Service: (live, desired) => {
    const wasHeadless = live.spec.clusterIP === 'None'
    const isHeadless = desired.spec.clusterIP === 'None'
    if (wasHeadless === isHeadless || live.spec.type === 'ExternalName') return undefined
    return wasHeadless ? 'it gets a cluster address' : 'it loses its cluster address'
  },
}

export function mustReplace(live: KubeObject, desired: KubeObject): string | undefined {
  return ownValue(RULES, desired.kind)?.(live, desired)
}

/** Content has another name when it is another one; what was compressed by another version is not. */
function changedContent(live: KubeObject, desired: KubeObject): string | undefined {
  if (live.immutable !== true) return undefined
  return desired.immutable === undefined
    ? 'it was immutable'
    : (changedField(live, desired, 'data') ?? changedField(live, desired, 'binaryData'))
}

/** A selector is compared as a whole: one that lost a label is another one. */
function changedSelector(live: KubeObject, desired: KubeObject): string | undefined {
  const same = canonicalJson(live.spec.selector) === canonicalJson(desired.spec.selector)
  return same ? undefined : 'its selector changed, which cannot be changed in place'
}

function changedField(
  live: Record<string, unknown>,
  desired: Record<string, unknown>,
  field: string,
): string | undefined {
  if (desired[field] === undefined || contains(live[field], desired[field])) return undefined
  return `its ${field} changed, which cannot be changed in place`
}
