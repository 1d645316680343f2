import { setTimeout as pause } from 'node:timers/promises'
import type { Json } from '../namespace.ts'
import type { TestApi } from './api.ts'
import { pathIn, WRITTEN_KINDS } from './paths.ts'

const POLL_MS = 100

/** What the garbage collector of a cluster does, until the signal is aborted: what is being deleted goes after what it owns. */
export async function collectGarbage(
  api: TestApi,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const kind of WRITTEN_KINDS) {
      const gone = (await listed(api, namespace, kind)).filter(
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
      )
      if (gone.length === 0) continue
      await deleteOwned(api, namespace, new Set(gone.map(({ metadata }) => metadata.uid)))
      for (const { metadata } of gone)
        await attempt(
          api.send(
            'PATCH',
            pathIn(namespace, kind, metadata.name),
            { metadata: { finalizers: foreignFinalizers(metadata) } },
            'application/merge-patch+json',
          ),
        )
    }
    await endNamespace(api, namespace)
    await pause(POLL_MS, undefined, { signal }).catch(() => {})
  }
}

/** Those that no controller of Kubernetes removes. */
function foreignFinalizers({ finalizers = [] }: Json): string[] {
  return finalizers.filter((one: string) => /^(?!kubernetes\.io\/).*\//.test(one))
}

async function deleteOwned(
  api: TestApi,
  namespace: string,
  owners: ReadonlySet<string>,
): Promise<void> {
  for (const kind of ['ReplicaSet', 'Pod']) {
    const owned = (await listed(api, namespace, kind)).filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }: Json) => owners.has(uid)),
    )
    if (kind === 'ReplicaSet' && owned.length > 0)
      await deleteOwned(api, namespace, new Set(owned.map(({ metadata }) => metadata.uid)))
    for (const { metadata } of owned)
      await attempt(
        api.send('DELETE', pathIn(namespace, kind, metadata.name), {
          gracePeriodSeconds: 0,
          propagationPolicy: 'Background',
        }),
      )
  }
}

async function listed(api: TestApi, namespace: string, kind: string): Promise<Json[]> {
  return (await attempt(api.send('GET', pathIn(namespace, kind))))?.items ?? []
}

/** A namespace that is being deleted goes when nothing is in it any more. */
async function endNamespace(api: TestApi, namespace: string): Promise<void> {
  const found = await attempt(api.send('GET', `/api/v1/namespaces/${namespace}`))
  if (found?.metadata.deletionTimestamp !== undefined) await finalizeNamespace(api, namespace)
}

/** Removes a namespace that is being deleted, with everything in it: what the namespace controller of a cluster does. */
export async function finalizeNamespace(api: TestApi, namespace: string): Promise<void> {
  for (const kind of WRITTEN_KINDS)
    for (const { metadata } of await listed(api, namespace, kind)) {
      const path = pathIn(namespace, kind, metadata.name)
      await attempt(api.send('DELETE', path, { gracePeriodSeconds: 0 }))
    }
  const path = `/api/v1/namespaces/${namespace}`
  const found = await attempt(api.send('GET', path))
  if (found !== undefined)
    await attempt(api.send('PUT', `${path}/finalize`, { ...found, spec: { finalizers: [] } }))
}

/** The object may have gone, or the server may be stopped by the test: the next round finds out. */
function attempt(request: Promise<Json>): Promise<Json> {
  return request.catch(() => undefined)
}
