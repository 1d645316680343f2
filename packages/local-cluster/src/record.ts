import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What has to be known of a cluster while nothing of it runs. */
export interface ClusterRecord {
  slot: number
  nodes: number
  /** Absolute path of the kubectl that belongs to its Kubernetes. */
  kubectl: string
}

export function readRecord(file: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterRecord
  } catch {
    return undefined
  }
}

export function writeRecord(file: string, record: ClusterRecord): void {
  writeWhole(file, `${JSON.stringify(record)}\n`)
}

/** Writes a file so that readers find the old text or the new one, never a part. */
export function writeWhole(file: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, text, { mode })
  renameSync(beside, file)
}
