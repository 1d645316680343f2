import type { KindReference } from '../reference.ts'
import { required, requireShape, type Shape } from './answer/shape.ts'
import type { Api } from './request.ts'
import { isRefusal, StatusError } from './status-error.ts'

/** Where the API keeps the objects of a kind. */
export interface Resource {
  apiVersion: string
  kind: string
  /** Name in paths: `deployments`. */
  plural: string
  namespaced: boolean
}

const WELL_KNOWN: readonly Resource[] = [
  ...rows('v1', true, {
    ConfigMap: 'configmaps',
    Endpoints: 'endpoints',
    Event: 'events',
    PersistentVolumeClaim: 'persistentvolumeclaims',
    Pod: 'pods',
    Secret: 'secrets',
    Service: 'services',
    ServiceAccount: 'serviceaccounts',
  }),
  ...rows('v1', false, {
    Namespace: 'namespaces',
    Node: 'nodes',
    PersistentVolume: 'persistentvolumes',
  }),
  ...rows('storage.k8s.io/v1', false, { StorageClass: 'storageclasses' }),
  ...rows('networking.k8s.io/v1', false, { IngressClass: 'ingressclasses' }),
  ...rows('authorization.k8s.io/v1', false, {
    SelfSubjectAccessReview: 'selfsubjectaccessreviews',
  }),
  ...rows('apps/v1', true, {
    DaemonSet: 'daemonsets',
    Deployment: 'deployments',
    ReplicaSet: 'replicasets',
    StatefulSet: 'statefulsets',
  }),
  ...rows('autoscaling/v2', true, { HorizontalPodAutoscaler: 'horizontalpodautoscalers' }),
  ...rows('policy/v1', true, { PodDisruptionBudget: 'poddisruptionbudgets' }),
  ...rows('batch/v1', true, { CronJob: 'cronjobs', Job: 'jobs' }),
  ...rows('networking.k8s.io/v1', true, { Ingress: 'ingresses', NetworkPolicy: 'networkpolicies' }),
  ...rows('rbac.authorization.k8s.io/v1', true, { Role: 'roles', RoleBinding: 'rolebindings' }),
]

function rows(
  apiVersion: string,
  namespaced: boolean,
  plurals: Record<string, string>,
): Resource[] {
  return Object.entries(plurals).map(([kind, plural]) => ({ apiVersion, kind, plural, namespaced }))
}

/** The path of a group and version: `/api/v1`, `/apis/apps/v1`. */
function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}

/** The path of a kind's collection, or of one object in it. */
export function resourcePath(resource: Resource, namespace?: string, name?: string): string {
  const scope =
    resource.namespaced && namespace !== undefined
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : ''
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`
  return `${versionPath(resource.apiVersion)}${scope}/${resource.plural}${object}`
}

/** What a cluster can keep: the built-in list of kinds, and the others by discovery. */
export interface Resources {
  /** Throws a StatusError (`NotFound`) when the cluster has no such kind. */
  of(kind: KindReference): Promise<Resource>
  /** Every kind that lives in namespaces and can be listed, in the version that the cluster prefers. */
  listable(): Promise<Resource[]>
}

interface ApiResourceList {
  resources?: { name: string; kind: string; namespaced: boolean; verbs?: string[] }[]
}

const RESOURCES: Shape = {
  resources: [
    {
      name: required('text'),
      kind: required('text'),
      namespaced: required('flag'),
      verbs: ['text'],
    },
  ],
}

const GROUPS: Shape = {
  groups: [{ preferredVersion: required({ groupVersion: required('text') }) }],
}

/** Makes `Resources` of one server; each group is requested once. */
export function discoverResources(api: Api): Resources {
  const lists = new Map<string, Promise<ApiResourceList>>()
  const read = async <T>(path: string, shape: Shape): Promise<T> => {
    const { json } = await api.read({ method: 'GET', path })
    api.parsed(() => requireShape(json, shape, ''))
    return json as T
  }
  const listOf = (apiVersion: string): Promise<ApiResourceList> => {
    let list = lists.get(apiVersion)
    if (list === undefined) {
      list = read<ApiResourceList>(versionPath(apiVersion), RESOURCES)
      list.catch(() => lists.delete(apiVersion))
      lists.set(apiVersion, list)
    }
    return list
  }
  return {
    async of({ apiVersion, kind }) {
      const known = WELL_KNOWN.find((row) => row.apiVersion === apiVersion && row.kind === kind)
      if (known !== undefined) return known
      const list = await listOf(apiVersion).catch((error) => {
        if (isRefusal(error, 'NotFound') || statusCode(error) === 404) return {} as ApiResourceList
        throw error
      })
      const found = list.resources?.find((row) => row.kind === kind && !row.name.includes('/'))
      if (found === undefined)
        throw new StatusError({
          code: 404,
          reason: 'NotFound',
          message: `the cluster has no kind ${kind} in ${apiVersion}`,
        })
      return { apiVersion, kind, plural: found.name, namespaced: found.namespaced }
    },
    async listable() {
      const { groups = [] } = await read<{
        groups?: { preferredVersion: { groupVersion: string } }[]
      }>('/apis', GROUPS)
      const versions = ['v1', ...groups.map((group) => group.preferredVersion.groupVersion)]
      const found = await Promise.all(
        versions.map(async (apiVersion) => {
          // a group whose own server is down must not hide the others
          const list = await listOf(apiVersion).catch(() => ({}) as ApiResourceList)
          return (list.resources ?? [])
            .filter(
              (row) => row.namespaced && row.verbs?.includes('list') && !row.name.includes('/'),
            )
            .map(({ name, kind }) => ({ apiVersion, kind, plural: name, namespaced: true }))
        }),
      )
      return found.flat()
    },
  }
}

function statusCode(error: unknown): number | undefined {
  return error instanceof StatusError ? error.status.code : undefined
}
