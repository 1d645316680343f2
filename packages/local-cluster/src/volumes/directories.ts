import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../host/run.ts'

/** The disks of the nodes, as directories on this machine. */
export interface NodeDisks {
  /** Makes the directory of a volume, which all users of the node's pods may write to. Repeating it changes nothing. */
  provide(node: string, volume: string): Promise<void>
  /** Removes a volume with its content, if it is there. */
  remove(node: string, volume: string): Promise<void>
}

/** A name of an object (DNS subdomain, RFC 1123): it cannot lead out of a directory. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/**
 * `onHost` is an absolute path with `%s` for the node's name: the directory of the node's volumes. Both functions throw an Error for a
 * node without such a directory, and for what the file system refuses.
 */
export function nodeDisks(onHost: string): NodeDisks {
  const directoryOf = async (node: string, volume: string) => {
    const volumes = onHost.replace('%s', () => node)
    const found = NAME.test(node) && NAME.test(volume) && (await isDirectory(volumes))
    if (!found) throw new Error(`the cluster has no disk of a node ${JSON.stringify(node)}`)
    return join(volumes, volume)
  }
  return {
    async provide(node, volume) {
      const directory = await directoryOf(node, volume)
      await mkdir(directory, { recursive: true })
      // Pods of any user may write, as in the directories that other small clusters provide; not left to the umask.
      await chmod(directory, 0o777)
    },
    async remove(node, volume) {
      await run('rm', ['-rf', '--', await directoryOf(node, volume)])
    },
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
