/** API groups of the resources of Kubernetes that belong to a namespace. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['configmaps', 'endpoints', 'events', 'limitranges', 'persistentvolumeclaims', 'pods'],
    ...['podtemplates', 'replicationcontrollers', 'resourcequotas', 'secrets'],
    ...['serviceaccounts', 'services'],
  ],
  apps: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'coordination.k8s.io': ['leases'],
  'discovery.k8s.io': ['endpointslices'],
  'networking.k8s.io': ['ingresses', 'networkpolicies'],
  policy: ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io': ['rolebindings', 'roles'],
}

/** Kinds whose objects belong to no namespace: a Role cannot allow them. */
const OF_CLUSTER: ReadonlySet<string> = new Set([
  ...['nodes', 'namespaces', 'persistentvolumes', 'storageclasses', 'clusterroles'],
  ...['clusterrolebindings', 'ingressclasses', 'customresourcedefinitions', 'runtimeclasses'],
])

/** The API group of a resource, or of the resource of a subresource (`pods/log`); undefined for one that is not known. */
export function groupOf(resource: string): string | undefined {
  const kind = resource.split('/')[0] as string
  return Object.entries(RESOURCES).find(([, kinds]) => kinds.includes(kind))?.[0]
}

export function isOfCluster(resource: string): boolean {
  return OF_CLUSTER.has(resource.split('/')[0] as string)
}
