import { readFileSync } from 'node:fs'
import type { Parts } from '../cache/parts.ts'
import { writeWhole } from '../host/write-whole.ts'

/** What has to be known of a cluster while nothing of it runs. */
export interface ClusterRecord {
  slot: number
  nodes: number
  /** Absolute path of the kubectl that belongs to its Kubernetes; unknown while that is built or downloaded for the first time. */
  kubectl?: string
  /** Absolute path of its metrics-server, if it has one. */
  metricsServer?: string
  /** What it runs; unknown of clusters of older versions of Landfall. */
  parts?: Parts
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
