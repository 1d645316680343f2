import { emitKustomize, emitManifests, type ObjectComments } from '@landfall/convert'
import type { Bundle, RoleId } from '@landfall/kube'

/** What `convert` writes. */
export type Format = 'manifests' | 'kustomize'

interface FormatOptions {
  namespace?: string
  comments?: ReadonlyMap<RoleId, ObjectComments>
  /** The project in each of its environments. */
  environments: ReadonlyMap<string, Bundle>
}

/** The files of a project in one format, by their paths. */
export function filesOf(
  format: Format,
  bundle: Bundle,
  { environments, ...options }: FormatOptions,
): Map<string, string> {
  if (format === 'kustomize') return emitKustomize(bundle, environments, options)
  return emitManifests(bundle, options.namespace, options.comments)
}
