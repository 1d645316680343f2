import type { KubeObject } from '../object.ts'
import type { Send } from './request.ts'
import { type Resource, resourcePath } from './resources.ts'
import { isRefusal } from './status-error.ts'

const PAGE_SIZE = 500

export interface Selection {
  labelSelector?: string
  signal?: AbortSignal | undefined
}

export interface KubeList {
  items: KubeObject[]
  /** Where a watch continues from. */
  resourceVersion: string
}

interface ListBody {
  items?: KubeObject[]
  metadata?: { continue?: string; resourceVersion?: string }
}

/** Reads a collection page by page; begins again when the server has forgotten the version that it was reading. */
export async function listPages(
  send: Send,
  resource: Resource,
  namespace: string | undefined,
  { labelSelector, signal }: Selection,
): Promise<KubeList> {
  const items: KubeObject[] = []
  let token: string | undefined
  for (;;) {
    const query = { labelSelector, limit: PAGE_SIZE, continue: token }
    try {
      const path = resourcePath(resource, namespace)
      const response = await send({ method: 'GET', path, query, signal })
      const body: ListBody = JSON.parse(await response.text())
      // the items of a list do not name their kind
      const { apiVersion, kind } = resource
      for (const item of body.items ?? []) items.push({ ...item, apiVersion, kind })
      token = body.metadata?.continue || undefined
      if (token === undefined)
        return { items, resourceVersion: body.metadata?.resourceVersion ?? '' }
    } catch (error) {
      if (token === undefined || !isRefusal(error, 'Expired')) throw error
      items.length = 0
      token = undefined
    }
  }
}
