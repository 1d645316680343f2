import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { unpackDebianPackages } from './debian.ts'

/** Programs from Debian packages in the cache, and what a process needs to run them and their libraries. */
export interface HostTools {
  /** The root of the unpacked packages. */
  root: string
  env: { PATH: string; LD_LIBRARY_PATH: string; XTABLES_LIBDIR: string }
}

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
  return { root, env: hostToolsEnvironment(root) }
}

/** The machine's own programs come after the unpacked ones; the caller's PATH does not count, or each caller would get another cluster. */
function hostToolsEnvironment(root: string): HostTools['env'] {
  const programs = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((directory) => join(root, directory))
  const libraries = ['usr/lib', 'lib'].flatMap((directory) => {
    const at = join(root, directory)
    if (!existsSync(at)) return []
    const triplets = readdirSync(at).filter((name) => name.includes('-linux-gnu'))
    return triplets.map((name) => join(at, name))
  })
  return {
    PATH: [...programs, '/usr/sbin:/usr/bin:/sbin:/bin'].join(':'),
    LD_LIBRARY_PATH: libraries.join(':'),
    // Where iptables looks for its matches and targets, which host ports need.
    XTABLES_LIBDIR: libraries
      .map((at) => join(at, 'xtables'))
      .filter(existsSync)
      .join(':'),
  }
}
