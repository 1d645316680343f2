import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { findProgram } from '../images/run-tool.ts'

/** A way to a cluster on this machine: what is there, and the command that uses it. */
export interface InstalledCluster {
  title: string
  command: string
}

/** What of this machine shows which tools it has. */
export interface Inventory {
  env: Readonly<Record<string, string>>
  platform: NodeJS.Platform
  exists: (path: string) => boolean
  isRoot: boolean
}

/** A tool, by its program or by files that it leaves, and the command that starts its cluster and writes the kubeconfig. */
interface Tool {
  title: string
  programs?: readonly string[]
  /** `~` is the home directory. */
  files?: readonly string[]
  command: string
}

const TOOLS: readonly Tool[] = [
  {
    title: 'Docker Desktop',
    files: ['/Applications/Docker.app', '/opt/docker-desktop', '~/.docker/desktop'],
    command: 'turn on Kubernetes in its settings; its context is docker-desktop',
  },
  {
    title: 'OrbStack',
    programs: ['orb', 'orbctl'],
    command: 'orb start k8s',
  },
  {
    title: 'Rancher Desktop',
    programs: ['rdctl'],
    files: ['/Applications/Rancher Desktop.app', '~/.rd/bin/rdctl'],
    command: 'rdctl start --kubernetes.enabled=true',
  },
  { title: 'Colima', programs: ['colima'], command: 'colima start --kubernetes' },
  { title: 'minikube', programs: ['minikube'], command: 'minikube start' },
  {
    title: 'kind',
    programs: ['kind'],
    command: 'kind create cluster (for one that runs: kind export kubeconfig --name NAME)',
  },
  {
    title: 'k3d',
    programs: ['k3d'],
    command:
      'k3d cluster create (for one that runs: k3d kubeconfig merge NAME --kubeconfig-switch-context)',
  },
  {
    title: 'k3s',
    programs: ['k3s'],
    files: ['/etc/rancher/k3s/k3s.yaml'],
    command: 'export KUBECONFIG=/etc/rancher/k3s/k3s.yaml',
  },
  {
    title: 'MicroK8s',
    programs: ['microk8s'],
    files: ['/var/snap/microk8s/current/credentials/client.config'],
    command: 'microk8s config > microk8s.yaml && export KUBECONFIG="$PWD/microk8s.yaml"',
  },
]

/** What is installed that can run a cluster, most likely first; Landfall's own on Linux. */
export function installedClusters({
  env,
  platform,
  exists,
  isRoot,
}: Inventory): InstalledCluster[] {
  const home = env.HOME ?? homedir()
  const isThere = ({ programs = [], files = [] }: Tool) =>
    programs.some((name) => findProgram(name, env) !== undefined) ||
    files.some((file) => exists(file.replace(/^~/, home)))
  const own: InstalledCluster[] =
    platform === 'linux'
      ? [
          {
            title: 'Landfall',
            command: `add --local${isRoot ? '' : ' and use sudo'}: a Kubernetes cluster that Landfall starts on this machine`,
          },
        ]
      : []
  return [...TOOLS.filter(isThere).map(({ title, command }) => ({ title, command })), ...own]
}

/** The hint of a command that has no cluster: each way on a line; `otherwise` is added at the end. */
export function waysToACluster(env: Readonly<Record<string, string>>, otherwise: string): string {
  const found = installedClusters({
    env,
    platform: process.platform,
    exists: existsSync,
    isRoot: process.getuid?.() === 0,
  })
  if (found.length === 0)
    return `${otherwise}, or install one of kind, minikube, k3d, Docker Desktop, Colima or Rancher Desktop`
  const width = Math.max(...found.map(({ title }) => title.length))
  return [
    'on this machine are:',
    ...found.map(({ title, command }) => `    ${title.padEnd(width)}  ${command}`),
    `  or ${otherwise}`,
  ].join('\n')
}
