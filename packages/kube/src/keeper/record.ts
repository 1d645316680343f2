import type { KubeObject } from '../object.ts'

/** On a workload: what the keeper has seen and done, a {@link KeeperRecord} as JSON. */
export const KEEPER_ANNOTATION = 'landfall.dev/keeper'

/** On the keeper's Deployment: the Job that it is about to run again, as JSON, so that another keeper can finish that. */
export const RUNNING_AGAIN_ANNOTATION = 'landfall.dev/running-again'

/** What the keeper writes on a workload, together with the restart itself, so that neither is ever there alone. */
export interface KeeperRecord {
  /** The pods and containers of the services that it restarts with, as they were when it last started or restarted with them. */
  seen: Record<string, string[]>
  /** The last restarts or runs, the oldest first. */
  acts: KeeperAct[]
  /** Of a one-shot that is complete: why its effect does not hold. */
  gone?: string
}

export interface KeeperAct {
  /** `2026-01-31T10:00:00Z` */
  at: string
  /** `restart` or `run`. */
  act: 'restart' | 'run'
  why: string
}

/** Acts that are kept on a workload. */
const KEPT_ACTS = 10

/** Reads what the keeper wrote on a workload; empty where it has written nothing that can be read. */
export function readKeeperRecord({ metadata }: Pick<KubeObject, 'metadata'>): KeeperRecord {
  const empty: KeeperRecord = { seen: {}, acts: [] }
  try {
    const value: unknown = JSON.parse(metadata.annotations?.[KEEPER_ANNOTATION] ?? '{}')
    const { seen, acts, gone } = (value ?? {}) as Record<string, unknown>
    const pairs = typeof seen === 'object' && seen !== null ? Object.entries(seen) : []
    return {
      seen: Object.fromEntries(pairs.filter(([, ids]) => isTexts(ids))),
      acts: Array.isArray(acts) ? acts.filter(isAct) : [],
      ...(typeof gone === 'string' && { gone }),
    }
  } catch {
    return empty
  }
}

/** The record with one more act; the oldest are left out. */
export function withAct(record: KeeperRecord, act: KeeperAct): KeeperRecord {
  return { ...record, acts: [...record.acts, act].slice(-KEPT_ACTS) }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isAct(value: unknown): value is KeeperAct {
  const { at, act, why } = (value ?? {}) as Record<string, unknown>
  return (
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    (act === 'restart' || act === 'run') &&
    typeof why === 'string'
  )
}
