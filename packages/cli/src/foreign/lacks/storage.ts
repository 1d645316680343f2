import type { KubeObject } from '@landfall/kube'
import type { StorageClassFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'
import { grouped, type Lack, type LackInput, listed } from './lack.ts'

interface Claim {
  name: string
  className: string | undefined
  shared: boolean
}

/**
 * Provisioners whose volumes are directories of one node, and whether their volumes are tied to that node: of those that are
 * not, a pod on another node finds an empty directory.
 */
const NODE_LOCAL: Readonly<Record<string, { tied: boolean; sharable: boolean }>> = {
  'rancher.io/local-path': { tied: true, sharable: false },
  'k8s.io/minikube-hostpath': { tied: false, sharable: true },
  'microk8s.io/hostpath': { tied: true, sharable: true },
  'docker.io/hostpath': { tied: false, sharable: true },
}

/** What new claims need of the cluster: a class, and one that can do what they ask for. */
export function storageLacks(input: LackInput): Lack[] {
  const { facts, cluster } = input
  const { storageClasses } = facts
  const claims = newClaims(input)
  if (storageClasses === undefined || claims.length === 0) return []
  return [
    ...missingDefault(claims, storageClasses, facts.unclassedVolumes, cluster),
    ...missingNamed(claims, storageClasses),
    ...onOneNode(claims, storageClasses, input),
  ]
}

/** Claims that are not in the namespace: those that are have their volume, or wait for it already. */
function newClaims({ objects, facts }: LackInput): Claim[] {
  const there = new Set(facts.claims ?? [])
  return objects.flatMap(claimsOf).filter(({ name }) => !there.has(name))
}

function claimsOf({ kind, metadata, spec }: KubeObject): Claim[] {
  const claim = (name: string, one: KubeObject['spec']): Claim => ({
    name,
    className: one?.storageClassName,
    shared: (one?.accessModes ?? []).includes('ReadWriteMany'),
  })
  if (kind === 'PersistentVolumeClaim') return spec?.volumeName ? [] : [claim(metadata.name, spec)]
  if (kind !== 'StatefulSet') return []
  const templates: KubeObject[] = spec?.volumeClaimTemplates ?? []
  const copies: number = spec?.replicas ?? 1
  return templates.flatMap((one) =>
    Array.from({ length: copies }, (_, index) =>
      claim(`${one.metadata.name}-${metadata.name}-${index}`, one.spec),
    ),
  )
}

function missingDefault(
  claims: readonly Claim[],
  classes: readonly StorageClassFacts[],
  unclassedVolumes: boolean | undefined,
  cluster: ClusterKind,
): Lack[] {
  const waiting = claims.filter(({ className }) => className === undefined)
  if (waiting.length === 0 || classes.some(({ isDefault }) => isDefault)) return []
  const names = classes.map(({ name }) => name)
  return [
    {
      message: `the cluster has no default storage class, which ${counted(waiting)} ${waiting.length === 1 ? 'needs' : 'need'}: ${listed(waiting.map(({ name }) => name))}`,
      remedy: addStorage(cluster, names),
      // a volume without class may have been made for a claim
      fatal: unclassedVolumes === false,
    },
  ]
}

function addStorage(cluster: ClusterKind, classes: readonly string[]): string {
  if (cluster.kind === 'minikube')
    return `minikube -p ${cluster.profile} addons enable storage-provisioner && minikube -p ${cluster.profile} addons enable default-storageclass`
  if (cluster.kind === 'microk8s') return 'microk8s enable hostpath-storage'
  const [first] = classes
  if (first !== undefined)
    return `kubectl annotate storageclass ${classes.length === 1 ? first : `NAME (one of ${listed(classes)})`} storageclass.kubernetes.io/is-default-class=true`
  const provider = cluster.kind === 'plain' ? cluster.provider : undefined
  if (provider === 'EKS')
    return 'install the EBS CSI driver: aws eks create-addon --cluster-name NAME --addon-name aws-ebs-csi-driver, then a StorageClass of it'
  return 'kubectl apply -f https://raw.githubusercontent.com/rancher/local-path-provisioner/master/deploy/local-path-storage.yaml && kubectl annotate storageclass local-path storageclass.kubernetes.io/is-default-class=true'
}

function missingNamed(claims: readonly Claim[], classes: readonly StorageClassFacts[]): Lack[] {
  const known = new Set(classes.map(({ name }) => name))
  const missing = claims.filter(({ className }) => className && !known.has(className))
  const byClass = grouped(missing, ({ className }) => className)
  return [...byClass].map(([className, users]) => ({
    message: `the cluster has no storage class ${className}, which ${counted(users)} ${users.length === 1 ? 'names' : 'name'}: ${listed(users.map(({ name }) => name))}`,
    remedy:
      classes.length === 0
        ? 'create it'
        : `create it, or name one of ${listed(classes.map(({ name }) => name))} in landfall.yaml`,
    // volumes that somebody made for this class do not need the class itself
    fatal: false,
  }))
}

/** Volumes that are directories of a node, on a cluster of several, or for several writers. */
function onOneNode(
  claims: readonly Claim[],
  classes: readonly StorageClassFacts[],
  { facts, cluster }: LackInput,
): Lack[] {
  const several = (facts.nodes?.length ?? 1) > 1
  const fallback = classes.find(({ isDefault }) => isDefault)
  return classes.flatMap((one) => {
    const local = NODE_LOCAL[one.provisioner]
    if (local === undefined) return []
    const users = claims.filter(({ className }) =>
      className === undefined ? one === fallback : className === one.name,
    )
    const shared = users.filter((claim) => claim.shared)
    const remedy = sharedStorage(cluster)
    const lacks: Lack[] = []
    if (shared.length > 0 && !local.sharable)
      lacks.push({
        message: `storage class ${one.name} (${one.provisioner}) refuses ReadWriteMany unless its configuration has a sharedFileSystemPath: ${listed(shared.map(({ name }) => name))}`,
        remedy,
        fatal: false,
      })
    else if (shared.length > 0 && several)
      lacks.push({
        message: `storage class ${one.name} (${one.provisioner}) keeps each volume on one node of ${facts.nodes?.length}: ReadWriteMany claims would have different files on each: ${listed(shared.map(({ name }) => name))}`,
        remedy,
        fatal: true,
      })
    else if (users.length > 0 && several && !local.tied)
      lacks.push({
        message: `storage class ${one.name} (${one.provisioner}) does not tie volumes to the node that has them: a pod that moves to another node finds an empty directory`,
        ...(cluster.kind === 'minikube' && {
          remedy: `minikube -p ${cluster.profile} addons enable volumesnapshots && minikube -p ${cluster.profile} addons enable csi-hostpath-driver`,
        }),
        fatal: false,
      })
    return lacks
  })
}

function sharedStorage(cluster: ClusterKind): string {
  const install = 'install a storage class with ReadWriteMany (NFS, CephFS)'
  return cluster.kind === 'microk8s'
    ? `${install}: microk8s enable rook-ceph`
    : `${install}, or let the volume have one node: remove its ReadWriteMany in landfall.yaml`
}

function counted(claims: readonly Claim[]): string {
  return claims.length === 1 ? 'a claim' : `${claims.length} claims`
}
