import type { Wait } from '@landfall/kube'
import type { Effect } from '../../settings/landfall-file.ts'

type Request = NonNullable<Extract<Wait, { kind: 'http' }>['request']>

/** What an effect sends; undefined for a GET without headers. A body that is no text is JSON, and says so. */
export function requestOf({ method, headers, send }: Effect): Request | undefined {
  const named = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const hasType = named.some(([name]) => name.toLowerCase() === 'content-type')
  const type = typeof send === 'string' ? 'text/plain' : 'application/json'
  const all = [
    ...named,
    ...(send === undefined || hasType ? [] : [['Content-Type', type] as [string, string]]),
  ]
  const request: Request = {
    ...(method !== undefined && { method }),
    ...(all.length > 0 && { headers: Object.fromEntries(all) }),
    ...(send !== undefined && { body: typeof send === 'string' ? send : JSON.stringify(send) }),
  }
  return Object.keys(request).length === 0 ? undefined : request
}
