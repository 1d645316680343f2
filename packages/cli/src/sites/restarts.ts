import type { LoadedSite } from '@landfall/convert'
import { podsHash } from '@landfall/deploy'
import { type Bundle, COMPOSE_SERVICE_ANNOTATION, type KubeObject } from '@landfall/kube'
import { withCluster } from '../cluster/with-cluster.ts'
import { placedAt } from './at-site.ts'
import { type ReachInput, targetOf } from './reach.ts'

/** On the pods of a workload: the pods of services of other sites with which it restarts. */
const RESTARTS_ANNOTATION = 'landfall.dev/restarts-with-sites'

/**
 * Changes the pods of services that restart with services of other sites when the pods there are new. Throws ClusterUnreachable if the cluster of
 * another site does not respond.
 */
export async function readRestarts(input: ReachInput): Promise<(bundle: Bundle) => Bundle> {
  const { site, sites, options, terminal } = input
  const hashes = new Map<string, string[]>()
  for (const { service, with: on } of site.restarts) {
    const other = sites.find(({ name }) => name === on.site) as LoadedSite
    const { options: there } = placedAt(other, targetOf(options), terminal)
    const { namespace, project: release } = other
    const hash = await withCluster(there, terminal, namespace, ({ client }) =>
      podsHash(client, { release, namespace }, on.service, terminal.interruption()),
    )
    const known = hashes.get(service) ?? []
    hashes.set(service, [...known, `${on.site}/${on.service}=${hash ?? 'none'}`])
  }
  return (bundle) => annotated(bundle, hashes)
}

/** The bundle with an annotation on the pods of services. */
export function annotated(bundle: Bundle, hashes: ReadonlyMap<string, readonly string[]>): Bundle {
  if (hashes.size === 0) return bundle
  const objects = new Map<string, KubeObject>()
  for (const [role, object] of bundle.objects) {
    const service = object.metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION]
    const wanted = service === undefined ? undefined : hashes.get(service)
    const template = object.spec?.template
    if (wanted === undefined || template === undefined || object.kind === 'Job') {
      objects.set(role, object)
      continue
    }
    const copy = structuredClone(object)
    const { metadata = {} } = copy.spec.template
    copy.spec.template.metadata = {
      ...metadata,
      annotations: { ...metadata.annotations, [RESTARTS_ANNOTATION]: wanted.join(' ') },
    }
    objects.set(role, copy)
  }
  return { ...bundle, objects }
}
