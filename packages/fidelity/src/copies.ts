import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import type { Json } from './json.ts'

/** What an init container puts into a volume before the program starts, as its arguments say it. */
export interface Copy {
  /** `copy`: a file or folder as it is; `unpack`, `fill`: a compressed archive in parts. */
  how: 'copy' | 'unpack' | 'fill'
  /** The volume with what is copied, and the folder or file in it. */
  volume: Json
  from: string
  /** The folder of the filled volume that it goes into. */
  into: string
  /** The folder of the archive that goes there. */
  below: string
}

/** Who fills the part of a volume that a program mounts. */
export function copyInto(pod: Json, volume: string, part: string): Copy | undefined {
  for (const { command = [], args = [], volumeMounts = [] } of pod.initContainers ?? []) {
    const target = volumeMounts.find(({ name }: Json) => name === volume)
    const source = volumeMounts.find(
      ({ name, mountPath }: Json) => name !== volume && posix.basename(mountPath) === 'files',
    )
    if (target === undefined || source === undefined) continue
    const words: string[] = [...command, ...args]
    for (const [index, how] of words.entries()) {
      const [from = ''] = words.slice(index + 1)
      const fills =
        how === 'fill'
          ? posix.basename(target.mountPath) === from
          : (how === 'copy' || how === 'unpack') && from === part.split('/')[0]
      if (fills)
        return {
          how: how as Copy['how'],
          volume: pod.volumes.find(({ name }: Json) => name === source.name),
          from,
          into: how === 'fill' ? '' : from,
          below: how === 'fill' ? 'tree' : '',
        }
    }
  }
  return undefined
}

/** The files of a compressed archive, by path; none when it cannot be read. */
export function unpack(archive: Uint8Array): Map<string, { bytes: Uint8Array; mode: number }> {
  const scratch = mkdtempSync(join(tmpdir(), 'landfall-fidelity-'))
  try {
    spawnSync('tar', ['-xzpf', '-', '-C', scratch], {
      input: archive,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const paths = readdirSync(scratch, { recursive: true, encoding: 'utf8' })
    return new Map(
      paths
        .filter((path) => statSync(join(scratch, path), { throwIfNoEntry: false })?.isFile())
        .map((path) => {
          const file = join(scratch, path)
          return [path, { bytes: readFileSync(file), mode: statSync(file).mode & 0o777 }]
        }),
    )
  } finally {
    rmSync(scratch, { recursive: true })
  }
}
