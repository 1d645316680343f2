import type { Back, DeployEvent, Failure, Verdict } from '@landfall/deploy'
import type { ImageSource } from '@landfall/local-cluster'
import type { FailedLine, VerdictLine } from '../contract/up.ts'
import { replacedImages } from '../display/verdict.ts'
import { checkResults } from './checks.ts'
import { withoutCredentials } from './credentials.ts'
import { driftOf } from './day/drift.ts'
import type { OutputLine, Unversioned } from './print-line.ts'

/** An event of a deployment for programs; the verdict has a line of its own, together with the images. */
export function eventLine(event: Exclude<DeployEvent, { type: 'verdict' }>): OutputLine {
  switch (event.type) {
    case 'plan':
      return {
        type: 'operations',
        operations: event.operations.map(({ id, object, verb, cause }) => ({
          id,
          object,
          operation: verb,
          reason: cause,
        })),
      }
    case 'apply':
      return { type: 'apply', object: event.object, operation: event.verb }
    case 'wait':
      return {
        type: 'wait',
        object: event.object,
        message: withoutCredentials(event.message),
      }
    case 'ready':
      return { type: 'ready', object: event.object, ms: event.ms }
    case 'failed':
      return { type: 'failed', failure: failureOf(event.failure) }
    case 'completed':
      return { type: 'completed', sources: event.sources }
    case 'back':
      return { type: 'back', revision: event.to }
    case 'copy':
      return { ...event }
    case 'added':
      return { type: 'added', fields: event.fields.map(driftOf) }
    case 'kept':
      return {
        type: 'kept',
        tree: event.tree,
        files: event.files.map(({ path, why }) => ({ path, reason: why })),
      }
  }
}

/** A verdict for programs. */
export function verdictLine(
  {
    state,
    ms,
    watchedMs,
    failure,
    untested,
    untestedEffects,
    unreachable,
    withoutMetrics,
    checks,
    addresses,
    revision,
    back,
    notBack,
  }: Verdict,
  images: readonly ImageSource[],
): Unversioned<VerdictLine> {
  return {
    type: 'verdict',
    state,
    ms,
    ...(watchedMs !== undefined && { watchedMs }),
    ...(failure && { failure: failureOf(failure) }),
    ...(untested !== undefined && { untested }),
    ...(untestedEffects !== undefined && { untestedEffects }),
    ...(unreachable && { unreachable }),
    ...(withoutMetrics && { withoutMetrics }),
    ...(checks && { checks: checkResults(checks) }),
    addresses: addresses.map(({ service, port, url, answered, error, optional = false }) => ({
      service,
      port,
      ...(url !== '' && { url }),
      answered,
      ...(error !== undefined && { error }),
      optional,
    })),
    replacedImages: replacedImages(images).map(({ image, detail }) => ({ image, detail })),
    missingImages: images
      .filter(({ from }) => from === 'missing')
      .map(({ image, detail }) => ({ image, detail })),
    ...(revision !== undefined && { revision }),
    ...(back && { back: backOf(back) }),
    ...(notBack !== undefined && { notBack }),
  }
}

function backOf({
  to,
  revision,
  state,
  ms,
  failure,
  lasting,
}: Back): NonNullable<VerdictLine['back']> {
  return {
    to,
    ...(revision !== undefined && { revision }),
    state,
    ms,
    ...(failure && { failure: failureOf(failure) }),
    lasting,
  }
}

function failureOf(failure: Failure): FailedLine['failure'] {
  const { object, pod, container, code, reason, message, exitCode, log, source, at, hint, also } =
    failure
  return {
    object,
    ...(pod !== undefined && { pod }),
    ...(container !== undefined && { container }),
    code,
    reason,
    message: withoutCredentials(message),
    ...(exitCode !== undefined && { exitCode }),
    log: (log ?? []).map(withoutCredentials),
    ...(source !== undefined && { source }),
    ...(at !== undefined && { line: at }),
    ...(hint !== undefined && { hint }),
    also: (also ?? []).map(({ object, code, reason }) => ({ object, code, reason })),
  }
}
