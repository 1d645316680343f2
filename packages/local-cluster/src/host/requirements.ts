import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { missingNetworkTools } from '../cache/network-tools.ts'
import type { Requirement } from '../contract.ts'
import { cgroupHierarchies } from './cgroups.ts'
import { isInPath } from './in-path.ts'

const oldestGo = [1, 26] as const

/**
 * What keeps this machine from running a local cluster, each with a hint; empty when it can. `way` adds what is needed to
 * download or to build what the cluster runs.
 */
export function missingRequirements(way?: 'download' | 'build'): Requirement[] {
  if (process.platform !== 'linux')
    return [
      {
        name: 'linux',
        missing: `a local cluster needs Linux; this machine runs ${systemName()}`,
        hint: 'use a Linux machine or virtual machine, or another cluster with --context',
      },
    ]
  return [
    ...(process.getuid?.() === 0
      ? []
      : [
          {
            name: 'root',
            missing: 'a local cluster needs root to create namespaces, a bridge and mounts',
            hint: 'run the command with sudo',
          },
        ]),
    ...['bash', 'mount', 'setpriv', 'unshare']
      .filter((program) => !isInPath(program))
      .map(missingTool),
    ...(way === 'build' ? [...missingGo(), ...missingApt()] : []),
    ...(way === 'download' && missingApt().length > 0
      ? missingNetworkTools().map(missingTool)
      : []),
    ...(cgroupHierarchies(readFileSync('/proc/self/mounts', 'utf8')).length > 0
      ? []
      : [
          {
            name: 'cgroups',
            missing: 'no cgroups are mounted at /sys/fs/cgroup',
            hint: 'in a container, mount the cgroups of the host (a privileged container has them)',
          },
        ]),
  ]
}

/** What keeps this machine from running an API server without nodes (`startApiServer`), each with what to do. */
export function missingForApiServer(): Requirement[] {
  return process.platform === 'linux' ? missingGo() : missingRequirements()
}

/** What keeps this machine from preparing a cluster ahead of time (in one way): only images from packages need root. */
export function missingToPrepare(
  images: readonly string[],
  way?: 'download' | 'build',
): Requirement[] {
  return missingRequirements(way).filter(
    ({ name }) => name !== 'cgroups' && (name !== 'root' || images.length > 0),
  )
}

function systemName(): string {
  if (process.platform === 'darwin') return 'macOS'
  return process.platform === 'win32' ? 'Windows' : process.platform
}

function missingGo(): Requirement[] {
  const hint = `install Go ${oldestGo.join('.')} or newer from https://go.dev/dl and put it in PATH`
  const answer = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  if (answer.status !== 0)
    return [{ name: 'go', missing: 'Go is not installed; Kubernetes is built with it', hint }]
  const version = answer.stdout.trim()
  if (isGoNewEnough(version)) return []
  return [{ name: 'go', missing: `${version} is too old to build Kubernetes`, hint }]
}

/** Whether a version as Go prints it (`go1.26.8`, `devel go1.27-abc`) can build the programs. */
export function isGoNewEnough(version: string): boolean {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  return Number(major) > oldestGo[0] || Number(minor) >= oldestGo[1]
}

function missingApt(): Requirement[] {
  const programs = ['apt-get', 'dpkg-deb'].filter((program) => !isInPath(program))
  if (programs.length === 0) return []
  return [
    {
      name: 'apt',
      missing: `${programs.join(' and ')} not found: containerd and other parts are installed from Debian or Ubuntu packages`,
      hint: 'use a machine with Debian or Ubuntu, or another cluster with --context',
    },
  ]
}

const packageOf: Readonly<Record<string, string>> = {
  bash: 'bash',
  ip: 'iproute2',
  mount: 'mount',
  nft: 'nftables',
  setpriv: 'util-linux',
  unshare: 'util-linux',
}

function missingTool(program: string): Requirement {
  return {
    name: program,
    missing: `${program} not found or too old: nodes of a local cluster are made with it`,
    hint: `install the package ${packageOf[program]}${program === 'nft' ? ' (nft 1.0.1 or newer)' : ''}`,
  }
}
