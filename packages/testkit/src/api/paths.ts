/** Where the API keeps the kinds that the tests write. */
const COLLECTIONS: Readonly<Record<string, [group: string, plural: string]>> = {
  ConfigMap: ['api/v1', 'configmaps'],
  Deployment: ['apis/apps/v1', 'deployments'],
  Job: ['apis/batch/v1', 'jobs'],
  Lease: ['apis/coordination.k8s.io/v1', 'leases'],
  PersistentVolumeClaim: ['api/v1', 'persistentvolumeclaims'],
  Pod: ['api/v1', 'pods'],
  ReplicaSet: ['apis/apps/v1', 'replicasets'],
  ResourceQuota: ['api/v1', 'resourcequotas'],
  Secret: ['api/v1', 'secrets'],
  Service: ['api/v1', 'services'],
}

export const WRITTEN_KINDS: readonly string[] = Object.keys(COLLECTIONS)

/** The path of a kind in a namespace, or of one object. Throws an Error for a kind that no test writes. */
export function pathIn(namespace: string, kind: string, name?: string): string {
  const found = COLLECTIONS[kind]
  if (found === undefined) throw new Error(`no path for the kind ${kind}`)
  const [group, plural] = found
  return [
    `/${group}/namespaces/${namespace}/${plural}`,
    ...(name === undefined ? [] : [name]),
  ].join('/')
}
