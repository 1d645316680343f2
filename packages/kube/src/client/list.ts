import type { KubeObject } from '../object.ts'
import { parseList } from './answer/objects.ts'
import type { Api } from './request.ts'
import { type Resource, resourcePath } from './resources.ts'
import { AnswerError, isRefusal } from './status-error.ts'

const PAGE_SIZE = 500

/** Objects of a page when pages of more are too large: Secrets of a megabyte. */
const SMALL_PAGE = 8

/** Characters of a list with all its pages. */
const LARGEST_LIST = 64 * 1024 ** 2

/** A page before the last one is full; a list with more that are not has no end. */
const MOST_SHORT_PAGES = 20

export interface Selection {
  labelSelector?: string
  signal?: AbortSignal | undefined
}

export interface KubeList {
  items: KubeObject[]
  /** Where a watch continues from. */
  resourceVersion: string
}

/**
 * Reads a collection page by page; begins again when the server has forgotten the version that it was reading. Throws an AnswerError
 * for a list that has no end or is larger than {@link LARGEST_LIST}.
 */
export async function listPages(
  api: Api,
  resource: Resource,
  namespace: string | undefined,
  { labelSelector, signal }: Selection,
): Promise<KubeList> {
  const items: KubeObject[] = []
  const path = resourcePath(resource, namespace)
  let token: string | undefined
  let limit = PAGE_SIZE
  let [size, short] = [0, 0]
  for (;;) {
    const query = { labelSelector, limit, continue: token }
    try {
      const answer = await api.read({ method: 'GET', path, query, signal })
      const page = api.parsed(() => parseList(answer.json, resource))
      size += answer.size
      if (page.items.length < limit) short++
      if (size > LARGEST_LIST || short > MOST_SHORT_PAGES)
        api.parsed(() => {
          throw new AnswerError(`a list of ${resource.plural} without an end`)
        })
      for (const item of page.items) items.push(item)
      token = page.next
      if (token === undefined) return { items, resourceVersion: page.resourceVersion }
    } catch (error) {
      if (error instanceof AnswerError && error.tooLarge && limit > SMALL_PAGE) limit = SMALL_PAGE
      else if (token === undefined || !isRefusal(error, 'Expired')) throw error
      else {
        items.length = size = short = 0
        token = undefined
      }
    }
  }
}
