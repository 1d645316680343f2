import {
  decodePath,
  encodePath,
  FILL_PROGRAM,
  type FillStep,
  type KeptFile,
  type KubeClient,
  printEntries,
  readKeptFile,
} from '@landfall/kube'
import { type SourceEntry, tarStream } from './source-tree.ts'

/** The init container that waits for a tree, in a pod that mounts the claim. */
export interface CopyTarget {
  namespace: string
  pod: string
  container: string
  step: FillStep
}

/** Files that arrive differently so often are changed by another program while they are copied. */
const ATTEMPTS = 3

/**
 * Copies a tree into a claim, through the container that waits for it: only files that the claim does not have, each checked
 * by its SHA-256 before it is put into its place. What was copied by an interrupted run is used. Gives the files that
 * programs have changed and that stay as they are. Throws when the container ends or the copy stays incomplete.
 */
export async function copyTree(
  client: KubeClient,
  target: CopyTarget,
  entries: readonly SourceEntry[],
  onProgress: (bytes: number, total: number) => void,
  signal: AbortSignal,
): Promise<KeptFile[]> {
  const run = async (verb: string, stdin?: AsyncIterable<Uint8Array>): Promise<string[]> => {
    const { namespace, pod, container, step } = target
    const { place, id, path, shown, digest = '-' } = step
    const words = [String(place), id, encodePath(path), encodePath(shown), digest]
    const { exitCode, stdout, stderr } = await client.exec({
      namespace,
      pod,
      container,
      command: ['sh', FILL_PROGRAM, verb, ...words],
      ...(stdin === undefined ? {} : { stdin }),
      signal,
    })
    const lines = stdout.split('\n').filter(Boolean)
    if (exitCode !== 0 || !['end', 'incomplete'].includes(lines.at(-1) ?? ''))
      throw new Error(
        stderr.trim().split('\n').at(-1) || `the copy ended with exit code ${exitCode}`,
      )
    return lines
  }
  const byPath = new Map(entries.map((entry) => [`./${entry.path}`, entry]))
  const list = Buffer.from(printEntries(entries))
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const lines = await run('need', once(list))
    const missing = lines.flatMap((line) => {
      const path = line.startsWith('send ') ? decodePath(line.slice('send '.length)) : undefined
      const entry = path === undefined ? undefined : byPath.get(path)
      return entry === undefined ? [] : [entry]
    })
    if (missing.length > 0) {
      const total = missing.reduce((sum, { size }) => sum + size, 0)
      let sent = 0
      const tar = tarStream(missing, (count) => {
        sent += count
        onProgress(sent, total)
      })
      onProgress(0, total)
      await run('receive', tar)
    }
    const finished = await run('finish')
    if (finished.at(-1) === 'end') return finished.flatMap((line) => readKeptFile(line) ?? [])
  }
  throw new Error('the files change while they are copied: their checksums differ')
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
