/** What the API server answers when it refuses. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface ApiStatus {
  kind?: 'Status'
  code: number
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, … */
  reason?: string
  message?: string
  details?: {
    name?: string
    kind?: string
    causes?: { reason?: string; message?: string; field?: string }[]
    retryAfterSeconds?: number
  }
}

/** The API server understood a request and refused it. */
export class StatusError extends Error {
  readonly status: ApiStatus

  constructor(status: ApiStatus) {
    super(status.message ?? `the API server answered ${status.code}`)
    this.name = 'StatusError'
    this.status = status
  }
}

/** The API server could not be reached, or what answered is none. */
export class ConnectionError extends Error {
  readonly server: string

  constructor(server: string, cause: unknown) {
    super(`cannot reach ${server}: ${innermostMessage(cause)}`, { cause })
    this.name = 'ConnectionError'
    this.server = server
  }
}

/**
 * What answers is not, or not as specified, the Kubernetes API: a page of a proxy, an incomplete text, fields of other types. Repeating the request
 * does not help.
 */
export class AnswerError extends Error {
  readonly #what: string
  /** A smaller part of the same may be fine. */
  readonly tooLarge: boolean

  /** `what` continues "it sent". */
  constructor(what: string, options: { tooLarge?: boolean; server?: string } = {}) {
    const { server, tooLarge = false } = options
    super(`${server ?? 'the server'} does not answer as a Kubernetes API server: it sent ${what}`)
    this.name = 'AnswerError'
    this.#what = what
    this.tooLarge = tooLarge
  }

  /** The same with the address of the server. */
  from(server: string): AnswerError {
    return new AnswerError(this.#what, { tooLarge: this.tooLarge, server })
  }
}

/** Whether an error is a refusal with this reason (`NotFound`, `Conflict`, …). */
export function isRefusal(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason
}

/** `fetch` says "fetch failed" and hides why in a chain of causes. */
function innermostMessage(error: unknown): string {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) inner = inner.errors[0]
  if (!(inner instanceof Error)) return String(inner)
  const code = (inner as NodeJS.ErrnoException).code
  return inner.message || code || inner.name
}
