import type { KeeperRecord } from '@landfall/kube'

const MINUTE = 60_000

/** Restarts of a workload in ten minutes that are not held back. */
const FREE = 6

/** Milliseconds after which a restart beyond these may follow the one before. */
const CAPPED = 5 * MINUTE

/**
 * When a workload may be restarted because another service is new, in milliseconds since 1970: at once for the first ones of ten minutes, so
 * that one fault after the other heals; then every five minutes, so that a service that never stays up does not take others with it.
 */
export function restartAllowedAt({ acts }: KeeperRecord, now: number): number {
  const recent = timesOf({ acts }, 'restart').filter((at) => at > now - 10 * MINUTE)
  return recent.length < FREE ? now : Math.max(...recent) + CAPPED
}

/**
 * When a workload may be restarted, or a Job run again, because an effect does not hold: as a kubelet restarts containers, after 10 s, 20 s,
 * 40 s …, five minutes at most. Half an hour without makes it the first time again.
 */
export function repeatAllowedAt(
  { acts }: KeeperRecord,
  act: 'restart' | 'run',
  now: number,
): number {
  const recent = timesOf({ acts }, act).filter((at) => at > now - 30 * MINUTE)
  if (recent.length === 0) return now
  return Math.max(...recent) + Math.min(CAPPED, 10_000 * 2 ** (recent.length - 1))
}

function timesOf({ acts }: Pick<KeeperRecord, 'acts'>, act: 'restart' | 'run'): number[] {
  return acts.filter((one) => one.act === act).map(({ at }) => Date.parse(at))
}
