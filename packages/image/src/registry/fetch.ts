/** The part of the standard `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    method?: string
    headers?: Record<string, string>
    body?: string | Uint8Array | AsyncIterable<Uint8Array>
    /** With a body that is a stream. */
    duplex?: 'half'
    signal?: AbortSignal
    /** A redirect is an answer. */
    redirect?: 'manual'
  },
) => Promise<FetchAnswer>

export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}
