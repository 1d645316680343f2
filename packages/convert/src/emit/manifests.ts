import { type Bundle, resolveBundle } from '@landfall/kube'
import { toYaml } from './yaml.ts'

/** The bundle as plain manifests, one object a file: `deployment-web.yaml`. They can be applied in any order. */
export function emitManifests(bundle: Bundle): Map<string, string> {
  const files = [...resolveBundle(bundle)].map(
    ([role, object]) => [`${role.replace('/', '-')}.yaml`, toYaml(object)] as const,
  )
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}
