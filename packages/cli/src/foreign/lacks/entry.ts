import type { KubeObject } from '@landfall/kube'
import type { ClusterKind } from '../kind/cluster-kind.ts'
import { type Lack, type LackInput, listed } from './lack.ts'

/** What makes Ingress objects and Services of type LoadBalancer work. */
export function entryLacks(input: LackInput): Lack[] {
  return [...ingressLacks(input), ...balancerLacks(input)]
}

/** No controller means that nothing answers, not that anything fails: it is never fatal. */
function ingressLacks({ facts, cluster, objects }: LackInput): Lack[] {
  const { ingressClasses } = facts
  const ingresses = objects.filter(({ kind }) => kind === 'Ingress')
  if (ingresses.length === 0 || ingressClasses === undefined) return []
  const names = listed(ingresses.map(({ metadata }) => metadata.name))
  if (ingressClasses.length === 0)
    return [
      {
        message: `the cluster has no ingress controller, so nothing answers at the hosts of Ingress ${names}`,
        remedy: addIngress(cluster),
        fatal: false,
      },
    ]
  const known = ingressClasses.map(({ name }) => name)
  const unknown = ingresses.flatMap(({ spec }) => {
    const name: string | undefined = spec?.ingressClassName
    return name !== undefined && !known.includes(name) ? [name] : []
  })
  const unclassed = ingresses.filter(({ spec }) => spec?.ingressClassName === undefined)
  const ambiguous = unclassed.length > 0 && !ingressClasses.some(({ isDefault }) => isDefault)
  return [
    ...(unknown.length === 0
      ? []
      : [
          {
            message: `the cluster has no ingress class ${listed(unknown)}; it has ${listed(known)}`,
            remedy: 'name one of them in landfall.yaml (expose.class)',
            fatal: false,
          },
        ]),
    ...(ambiguous
      ? [
          {
            message: `no ingress class is the default one, and Ingress ${listed(unclassed.map(({ metadata }) => metadata.name))} names none`,
            remedy: `kubectl annotate ingressclass ${known.length === 1 ? known[0] : `NAME (one of ${listed(known)})`} ingressclass.kubernetes.io/is-default-class=true`,
            fatal: false,
          },
        ]
      : []),
  ]
}

function addIngress(cluster: ClusterKind): string {
  const nginx = (provider: string) =>
    `kubectl apply -f https://raw.githubusercontent.com/kubernetes/ingress-nginx/main/deploy/static/provider/${provider}/deploy.yaml`
  switch (cluster.kind) {
    case 'minikube':
      return `minikube -p ${cluster.profile} addons enable ingress`
    case 'microk8s':
      return 'microk8s enable ingress'
    case 'kind':
      return nginx('kind')
    case 'k3s':
    case 'k3d':
    case 'colima':
    case 'rancher-desktop':
      return `Traefik, which comes with it, was disabled: enable it, or ${nginx('cloud')}`
    default:
      return nginx('cloud')
  }
}

/** Kinds in which something gives Services of type LoadBalancer an address, unless it was turned off. */
const BALANCED: ReadonlySet<ClusterKind['kind']> = new Set([
  'k3s',
  'k3d',
  'colima',
  'rancher-desktop',
  'docker-desktop',
  'orbstack',
])

function balancerLacks({ cluster, objects }: LackInput): Lack[] {
  const services = objects.filter(isBalanced)
  if (services.length === 0 || BALANCED.has(cluster.kind)) return []
  const names = listed(services.map(({ metadata }) => metadata.name))
  const remedy = addBalancer(cluster)
  if (remedy === undefined) return []
  return [
    {
      message: `${cluster.kind === 'plain' ? 'a cluster without a cloud provider' : 'this cluster'} gives Services of type LoadBalancer no address by itself: ${names}`,
      remedy,
      fatal: false,
    },
  ]
}

function isBalanced({ kind, spec }: KubeObject): boolean {
  return kind === 'Service' && spec?.type === 'LoadBalancer'
}

/** What gives them an address; undefined where the cluster is known to do it. */
export function addBalancer(cluster: ClusterKind): string | undefined {
  switch (cluster.kind) {
    case 'kind':
      return 'run cloud-provider-kind (https://github.com/kubernetes-sigs/cloud-provider-kind), or install MetalLB'
    case 'minikube':
      return `minikube -p ${cluster.profile} tunnel, in a terminal of its own`
    case 'microk8s':
      return 'microk8s enable metallb:FIRST-LAST, with free addresses of your network'
    case 'plain':
      return cluster.provider === undefined ? 'install MetalLB or kube-vip' : undefined
    default:
      return undefined
  }
}
