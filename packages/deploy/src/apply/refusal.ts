import { ownValue } from '@landfall/diagnostic'
import { StatusError } from '@landfall/kube'
import type { Failure } from '../events.ts'
import type { FailureCode } from '../failures/index.ts'
import { isQuotaRefusal, QUOTA_HINT } from '../failures/quota.ts'
import { projectSource } from '../release/release.ts'
import type { OperationError } from './execute.ts'

/** The failure that an operation ended in when the API server refused it. */
export function refusal({ operation, cause }: OperationError): Failure | undefined {
  if (!(cause instanceof StatusError)) return undefined
  const { status, message } = cause
  const causes = (status.details?.causes ?? []).flatMap(({ field, message: text }) =>
    field === undefined ? [] : [`${field}: ${text ?? 'refused'}`],
  )
  const source = projectSource(operation.desired)
  const { code, hint } = causeOf(status.reason ?? '', message)
  return {
    object: operation.object,
    code,
    reason: status.reason ?? 'refused',
    message: causes.length === 0 ? message : causes.join('; '),
    ...(source === undefined ? {} : { source }),
    hint,
  }
}

function causeOf(reason: string, message: string): { code: FailureCode; hint: string } {
  if (reason === 'Forbidden' && isQuotaRefusal(message))
    return { code: 'deploy/quota-exceeded', hint: QUOTA_HINT }
  return (
    ownValue(REFUSALS, reason) ?? {
      code: 'deploy/refused',
      hint: 'the API server does not accept this object',
    }
  )
}

const REFUSALS: Readonly<Record<string, { code: FailureCode; hint: string }>> = {
  Forbidden: {
    code: 'deploy/forbidden',
    hint: 'your account is not allowed to do this: request the permission, or use another namespace or context',
  },
  Unauthorized: {
    code: 'deploy/unauthorized',
    hint: 'the cluster does not accept your credentials: log in again',
  },
  Invalid: {
    code: 'deploy/invalid-object',
    hint: 'the object breaks a rule of the cluster at the field that is named',
  },
  NotFound: {
    code: 'deploy/kind-not-found',
    hint: 'the cluster does not have this kind, or the namespace was deleted',
  },
  RequestEntityTooLarge: {
    code: 'deploy/object-too-large',
    hint: 'the object is too large: build its files into an image',
  },
}
