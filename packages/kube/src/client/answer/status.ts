import { AnswerError, type ApiStatus } from '../status-error.ts'
import { parseJson } from './read-json.ts'
import { required, requireShape } from './shape.ts'

/** Characters of a message: those of invalid objects name each field. */
const LONGEST_MESSAGE = 8_000

/** A refusal from the text of an answer with this HTTP status; a proxy or an authenticator answers in plain text or HTML. */
export function parseStatus(text: string, code: number): ApiStatus {
  try {
    const value = parseJson(text)
    requireShape(value, { kind: required('text') }, '')
    if ((value as { kind: string }).kind === 'Status') return statusOf(value, code)
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
  }
  const plain = text.trim().slice(0, 300)
  return { code, message: plain || `the API server answered ${code}` }
}

/** A Status object, with `code` where it names none. Throws an AnswerError when it is another thing. */
export function statusOf(value: unknown, code: number): ApiStatus {
  requireShape(
    value,
    {
      kind: 'text',
      code: 'number',
      reason: 'text',
      message: 'text',
      details: {
        name: 'text',
        kind: 'text',
        causes: [{ reason: 'text', message: 'text', field: 'text' }],
        retryAfterSeconds: 'number',
      },
    },
    '',
  )
  const status = value as Partial<ApiStatus>
  const { message } = status
  return {
    ...status,
    code: status.code ?? code,
    ...(message !== undefined && { message: message.slice(0, LONGEST_MESSAGE) }),
  }
}
