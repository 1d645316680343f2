import { collect } from '../blob.ts'
import type { Fetch } from './fetch.ts'
import { serverOf } from './hosts.ts'

/** Whether the registry of a host (`docker.io`) responds over https within three seconds, with or without a login. */
export async function registryAnswers(
  host: string,
  fetch: Fetch = globalThis.fetch,
): Promise<boolean> {
  try {
    const answer = await fetch(`${serverOf(host)}/v2/`, { signal: AbortSignal.timeout(3000) })
    if (answer.body !== null) await collect(answer.body, 64 * 1024)
    return answer.status === 200 || answer.status === 401
  } catch {
    return false
  }
}
