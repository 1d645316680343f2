import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { unpackDebianPackages } from './debian.ts'

/** What runs containers and joins networks: absolute paths, and the environment in which `ip`, `nft`, `runc` and others are found. */
export interface HostTools {
  containerd: string
  ctr: string
  /** The directory of the CNI plugins. */
  cni: string
  registry: string
  /** The program that is iptables by its name; without it the one of the machine is used, if any. */
  iptables?: string
  env: Record<string, string> & { PATH: string }
}

/** Where the machine's own programs are. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin'

const packages = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'docker-registry',
  'nftables',
  'iptables',
  'iproute2',
]

export async function unpackHostTools(
  cacheDirectory: string,
  progress: Progress,
): Promise<HostTools> {
  const root = await unpackDebianPackages(packages, cacheDirectory, progress, {
    closure: 'libraries',
  })
  return {
    containerd: join(root, 'usr/bin/containerd'),
    ctr: join(root, 'usr/bin/ctr'),
    cni: join(root, 'usr/lib/cni'),
    registry: join(root, 'usr/bin/docker-registry'),
    iptables: join(root, 'usr/sbin/xtables-nft-multi'),
    env: debianEnvironment(root),
  }
}

/** The machine's own programs come after the unpacked ones; the caller's PATH does not count, or each caller would get another cluster. */
export function debianEnvironment(root: string): HostTools['env'] {
  const programs = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((directory) => join(root, directory))
  const libraries = ['usr/lib', 'lib'].flatMap((directory) => {
    const at = join(root, directory)
    if (!existsSync(at)) return []
    const triplets = readdirSync(at).filter((name) => name.includes('-linux-gnu'))
    return triplets.map((name) => join(at, name))
  })
  return {
    PATH: [...programs, systemPath].join(':'),
    LD_LIBRARY_PATH: libraries.join(':'),
    // Where iptables looks for its matches and targets, which host ports need.
    XTABLES_LIBDIR: libraries
      .map((at) => join(at, 'xtables'))
      .filter(existsSync)
      .join(':'),
  }
}
