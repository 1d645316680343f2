import {
  type Check,
  type CheckAction,
  DONE_WHEN_ANNOTATION,
  type KeptWait,
  type KubeObject,
  objectId,
  parseWait,
  RUNS_AGAIN_ANNOTATION,
  SOURCE_ANNOTATION,
  UNTESTED_EFFECT_ANNOTATION,
  type Wait,
} from '@landfall/kube'
import type { Failure } from '../events.ts'

/** How long an effect may be away: what others serve may answer late, and the keeper needs some tests before it runs a one-shot again. */
const PATIENCE_MS = { usual: 15_000, kept: 300_000 }

/** What shows that the work of a one-shot is done, as it is tested while its Job is complete. */
export interface DoneEffect {
  /** `job/migrate-3f9c51aa07` */
  object: string
  wait: KeptWait
  /** The keeper of the release runs it again. */
  kept: boolean
  source?: string
}

/** An effect that is not tested, and the reason. */
export interface UntestedEffect {
  object: string
  untested: string
}

/** The effects of one-shots among these objects of which it cannot be known whether they are still there. */
export function untestedEffectsOf(objects: readonly KubeObject[]): UntestedEffect[] {
  return objects.flatMap((object): UntestedEffect[] => {
    const untested = object.metadata.annotations?.[UNTESTED_EFFECT_ANNOTATION]
    return object.kind === 'Job' && untested !== undefined
      ? [{ object: objectId(object), untested }]
      : []
  })
}

/** Why it cannot be known of one of these objects whether what it has done is still there; undefined where there is none. */
export function untestedReason(objects: readonly KubeObject[]): string | undefined {
  const [first] = untestedEffectsOf(objects)
  return first === undefined ? undefined : `${first.object}: ${first.untested}`
}

/** The effects of the one-shots among these objects. */
export function doneEffectsOf(objects: readonly KubeObject[]): DoneEffect[] {
  return objects.flatMap((object): DoneEffect[] => {
    const { kind, metadata } = object
    const { [DONE_WHEN_ANNOTATION]: line, [SOURCE_ANNOTATION]: source } = metadata.annotations ?? {}
    const wait = line === undefined || kind !== 'Job' ? undefined : parseWait(line)
    if (!isTested(wait)) return []
    const kept = metadata.annotations?.[RUNS_AGAIN_ANNOTATION] === 'true'
    return [{ object: objectId(object), wait, kept, ...(source !== undefined && { source }) }]
  })
}

function isTested(wait: Wait | undefined): wait is KeptWait {
  return wait?.kind === 'http' || wait?.kind === 'tcp' || wait?.kind === 'dns'
}

/** Milliseconds for which an effect may be away. */
export function patienceOf({ kept }: DoneEffect): number {
  return kept ? PATIENCE_MS.kept : PATIENCE_MS.usual
}

/** The failure of a release whose one-shot has lost its effect. */
export function goneFailure({ object, kept, source }: DoneEffect, why: string): Failure {
  return {
    object,
    code: 'deploy/effect-gone',
    reason: 'its effect is gone',
    message: `the Job is complete, but what shows that its work is done does not hold: ${why}`,
    hint: kept
      ? 'the keeper of the release has run it again without success: `kubectl logs deploy/landfall-keeper` shows its acts'
      : `\`kubectl delete ${object}\` and \`landfall up\` run it again; with oneShot.again: whenGone in landfall.yaml it does so by itself`,
    ...(source !== undefined && { source }),
  }
}

/** The test of an effect, as a check of one step. */
export function checkOf(effect: DoneEffect): Check {
  const { object, wait, source = object } = effect
  const expected = wait.kind === 'http' ? wait : undefined
  return {
    name: object,
    source,
    withinMs: patienceOf(effect),
    steps: [
      {
        action: actionOf(wait),
        ...(typeof expected?.status === 'number' && { status: [expected.status] }),
        ...(expected?.text !== undefined && { contains: literal(expected.text) }),
      },
    ],
    secrets: [],
  }
}

function actionOf(wait: DoneEffect['wait']): CheckAction {
  if (wait.kind === 'tcp') return { kind: 'tcp', host: wait.host, port: wait.port }
  if (wait.kind === 'dns') return { kind: 'dns', host: wait.host }
  const { method, headers = {}, body } = wait.request ?? {}
  return {
    kind: 'http',
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: literal(wait.url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, literal(value)]),
    ),
    ...(body !== undefined && { send: { text: literal(body) } }),
  }
}

/** Effects have no references to captured values: what looks like one is a text. */
function literal(text: string): string {
  return text.replace(/\\?\{\{/g, (found) => (found === '{{' ? '\\{{' : found))
}
