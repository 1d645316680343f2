import type { ClusterKind } from '../kind/cluster-kind.ts'

/** The command that starts a cluster whose server does not respond; undefined where nobody can know. */
export function startCommand(cluster: ClusterKind): string | undefined {
  switch (cluster.kind) {
    case 'kind':
      return `${cluster.engine} start ${cluster.name}-control-plane`
    case 'k3d':
      return `k3d cluster start ${cluster.name}`
    case 'minikube':
      return `minikube start --profile ${cluster.profile}`
    case 'docker-desktop':
      return 'start Docker Desktop, with Kubernetes turned on in its settings'
    case 'colima':
      return `colima start --kubernetes${cluster.profile === 'default' ? '' : ` --profile ${cluster.profile}`}`
    case 'rancher-desktop':
      return 'rdctl start --kubernetes.enabled=true'
    case 'orbstack':
      return 'orb start k8s'
    case 'microk8s':
      return 'microk8s start'
    case 'k3s':
      return 'sudo systemctl start k3s'
    default:
      return undefined
  }
}
