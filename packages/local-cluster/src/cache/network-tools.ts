import { spawnSync } from 'node:child_process'
import type { Progress } from '../contract.ts'
import { isInPath } from '../host/in-path.ts'
import { unpackDebianPackages } from './debian.ts'
import { debianEnvironment, systemPath } from './host-tools.ts'

/** The environment in which `ip` and `nft` are found. */
export interface NetworkTools {
  env: Record<string, string> & { PATH: string }
}

/** Before it, nft lacks what kube-proxy requires of it. */
const oldestNft = [1, 0, 1] as const

/** The machine's own `ip` and `nft`; where it lacks one, those of Debian packages, unpacked into the cache. */
export async function networkTools(
  cacheDirectory: string,
  progress: Progress,
): Promise<NetworkTools> {
  if (missingNetworkTools().length === 0) return { env: { PATH: systemPath } }
  const packages = ['nftables', 'iptables', 'iproute2']
  const root = await unpackDebianPackages(packages, cacheDirectory, progress, {
    closure: 'libraries',
  })
  return { env: debianEnvironment(root) }
}

/** Which of `ip` and `nft` this machine does not have, or has in a version that is too old. */
export function missingNetworkTools(): string[] {
  const missing = ['ip', 'nft'].filter((program) => !isInPath(program, systemPath))
  if (!missing.includes('nft') && !isNftNewEnough(versionOfNft())) missing.push('nft')
  return missing
}

function versionOfNft(): string {
  const { stdout } = spawnSync('nft', ['--version'], {
    encoding: 'utf8',
    env: { PATH: systemPath },
  })
  return stdout ?? ''
}

/** Whether what `nft --version` prints is of a version that kube-proxy can use. */
export function isNftNewEnough(printed: string): boolean {
  const numbers = /v(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(printed)
    ?.slice(1)
    .map((part) => Number(part ?? 0))
  if (numbers === undefined) return false
  const different = oldestNft.findIndex((least, index) => numbers[index] !== least)
  return different === -1 || (numbers[different] ?? 0) > (oldestNft[different] ?? 0)
}
