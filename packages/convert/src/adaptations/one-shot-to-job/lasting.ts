import { isSecretByName } from '@landfall/diagnostic'
import type { KeptWait, Wait } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { isKept } from '../../facts/effects/kept.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import type { LastingEffect } from '../../plan/needs.ts'
import type { Effect } from '../../settings/landfall-file.ts'

/** The pod of the one-shot, which is gone when its work is done. */
const OWN = /^(localhost|127\.|0\.0\.0\.0$|\[?::1?\]?$)/

/**
 * The effect of a one-shot after its end; undefined where it is one of its own pod, or of a one-shot, which does not answer when it is complete.
 * Not tested is what needs a password, which no annotation may have, and what only gates can test.
 */
export function lastingEffect(
  { owners }: Conversion,
  doneWhen: Effect | undefined,
  wait: Wait | undefined,
): LastingEffect | undefined {
  if (doneWhen === undefined || wait === undefined || wait.kind === 'file') return undefined
  const host = effectTarget(doneWhen)?.host.toLowerCase() ?? ''
  if (OWN.test(host) || owners.get(host)?.plan.kind === 'Job') return undefined
  if (!isKept(wait)) return { untested: `only gates test ${WHAT[wait.kind] ?? 'such an effect'}` }
  return hasPassword(wait) ? { untested: 'its request has a login' } : { wait }
}

const WHAT: Partial<Record<Wait['kind'], string>> = {
  znode: 'nodes of ZooKeeper',
  consumer: 'consumers of queues',
  rows: 'queries',
  not: 'that something is not there',
}

function hasPassword(wait: KeptWait): boolean {
  if (wait.kind !== 'http') return false
  const { username, password } = new URL(wait.url)
  const headers = Object.entries(wait.request?.headers ?? {})
  return (
    username !== '' ||
    password !== '' ||
    headers.some(
      ([name, value]) => /authorization|cookie/i.test(name) || isSecretByName(name, value),
    )
  )
}
