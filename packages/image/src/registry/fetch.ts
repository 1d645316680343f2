/** The part of the standard `fetch` that is used. It has to follow redirects and to keep credentials from other hosts. */
export type Fetch = (
  url: string,
  init: {
    method?: string
    headers?: Record<string, string>
    body?: string | Uint8Array | AsyncIterable<Uint8Array>
    /** With a body that is a stream. */
    duplex?: 'half'
    signal?: AbortSignal
  },
) => Promise<FetchAnswer>

export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}
