import { StatusError } from '@landfall/kube'
import type { Failure } from '../events.ts'
import { sourceOf } from '../release/release.ts'
import type { OperationError } from './execute.ts'

/** The failure that an operation ended in when the API server refused it. */
export function refusal({ operation, cause }: OperationError): Failure | undefined {
  if (!(cause instanceof StatusError)) return undefined
  const { status, message } = cause
  const causes = (status.details?.causes ?? []).flatMap(({ field, message: text }) =>
    field === undefined ? [] : [`${field}: ${text ?? 'refused'}`],
  )
  const source = sourceOf(operation.desired)
  return {
    object: operation.object,
    reason: status.reason ?? 'refused',
    message: causes.length === 0 ? message : causes.join('; '),
    ...(source === undefined ? {} : { source }),
    hint: REFUSAL_HINTS[status.reason ?? ''] ?? 'the API server does not take this object as it is',
  }
}

const REFUSAL_HINTS: Record<string, string> = {
  Forbidden:
    'your account may not do this here: ask for the rights, or use another namespace or context',
  Unauthorized: 'the cluster does not know you: log in again',
  Invalid: 'the object breaks a rule of the cluster at the field that is named',
  NotFound: 'the cluster does not have this kind, or the namespace went away',
  RequestEntityTooLarge: 'the object is too large: build its files into an image',
}
