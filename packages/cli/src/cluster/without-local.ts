import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Requirement } from '@landfall/local-cluster'

/** What can be used of a machine that cannot run a local cluster. */
export interface Machine {
  platform: NodeJS.Platform
  /** The programs of {@link CLUSTERS} that it has. */
  programs: ReadonlySet<string>
  /** The contexts of the kubeconfig. */
  contexts: readonly string[]
}

/** Programs that start a cluster on this machine, and how. */
const CLUSTERS: Readonly<Record<string, string>> = {
  kind: 'kind create cluster',
  minikube: 'minikube start',
  k3d: 'k3d cluster create',
  colima: 'colima start --kubernetes',
  microk8s: 'microk8s start',
}

/** One screen for a machine that cannot run a local cluster: what it lacks and how to get it, and what works on it. */
export function withoutLocal(missing: readonly Requirement[], machine: Machine): string {
  const lacks = missing.flatMap(({ missing, hint }) => [`  ${missing}`, `    ${hint}`])
  const works = waysOf(machine)
  const width = Math.max(...works.map(([command]) => command.length))
  return [
    'a local cluster (--local) cannot run on this machine:',
    ...lacks,
    'What works on this machine:',
    ...works.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
  ].join('\n')
}

function waysOf({ platform, programs, contexts }: Machine): [string, string][] {
  const ways: [string, string][] = [
    ['landfall check | plan | convert', 'no cluster needed: findings, decisions, manifests'],
  ]
  const [first] = contexts
  if (first !== undefined) {
    const shown = contexts.slice(0, 5).join(', ') + (contexts.length > 5 ? ', …' : '')
    ways.push([`landfall up --context ${first}`, `a cluster of your kubeconfig: ${shown}`])
  }
  const starters = Object.entries(CLUSTERS).filter(([program]) => programs.has(program))
  for (const [, command] of starters)
    ways.push([command, 'starts a cluster on this machine; then `landfall up` without --local'])
  if (starters.length === 0 && first === undefined)
    ways.push([
      'landfall up',
      `a cluster that kubectl can use: set KUBECONFIG, or install ${platform === 'linux' ? 'kind, minikube or k3s' : 'Docker Desktop, Rancher Desktop, minikube or kind'}`,
    ])
  const inLinux = LINUX_WITHIN[platform]
  if (inLinux !== undefined) ways.push(inLinux)
  return ways
}

/** Where --local runs on a machine that is not Linux. */
const LINUX_WITHIN: Partial<Record<NodeJS.Platform, [string, string]>> = {
  darwin: [
    'limactl start && limactl shell default',
    'a Linux virtual machine (Lima); --local works in it with sudo',
  ],
  win32: ['wsl --install', 'a Linux virtual machine (WSL 2); --local works in it with sudo'],
}

/** Which programs that start a cluster are in PATH. */
export function clusterPrograms(env: NodeJS.ProcessEnv): Set<string> {
  const directories = (env.PATH ?? '').split(delimiter).filter((directory) => directory !== '')
  const extension = process.platform === 'win32' ? '.exe' : ''
  const isThere = (program: string): boolean =>
    directories.some((directory) => {
      try {
        accessSync(join(directory, `${program}${extension}`), constants.X_OK)
        return true
      } catch {
        return false
      }
    })
  return new Set(Object.keys(CLUSTERS).filter(isThere))
}
