import { relative, resolve } from 'node:path'
import { emitChart, emitManifests, type ObjectComments } from '@landfall/convert'
import { positionAt, spanOf } from '@landfall/diagnostic'
import { type Bundle, type RoleId, SOURCE_ANNOTATION } from '@landfall/kube'
import type { Converted } from '../project/read.ts'
import { version } from '../version.ts'

/** What `convert` writes. */
export type Format = 'manifests' | 'helm'

interface FormatOptions {
  namespace?: string
  comments?: ReadonlyMap<RoleId, ObjectComments>
  withSecrets: boolean
  /** Of a chart: the bundles of the environments of the project. */
  environments?: ReadonlyMap<string, Bundle>
}

/** The files of a project in one format, by their paths. */
export function filesOf(
  format: Format,
  converted: Converted,
  bundle: Bundle,
  { namespace, comments, withSecrets, environments }: FormatOptions,
): Map<string, string> {
  if (format === 'manifests') return emitManifests(bundle, namespace, comments)
  return emitChart(bundle, {
    withSecrets,
    locate: (origin) => placeOf(converted, origin),
    provenance: {
      'landfall.dev/version': version,
      'landfall.dev/project': bundle.name,
      'landfall.dev/files': filesIn(bundle).join(', '),
    },
    ...(comments !== undefined && { comments }),
    ...(environments !== undefined && { environments }),
  })
}

/** `compose.yaml:24`, from the directory of the files; undefined where no file declares it. */
function placeOf({ origins, sources, loaded }: Converted, origin: string): string | undefined {
  const span = origins.has(origin) ? spanOf(origins, origin) : undefined
  if (span === undefined) return undefined
  const { filesDirectory, shownFrom } = loaded
  const file = span.file === '-' ? '-' : relative(filesDirectory, resolve(shownFrom, span.file))
  const text = sources.get(span.file)
  return text === undefined ? file : `${file}:${positionAt(text, span.start).line}`
}

/** The files that declare the objects. */
function filesIn({ objects }: Bundle): string[] {
  const files = [...objects.values()].flatMap(
    ({ metadata }) => metadata.annotations?.[SOURCE_ANNOTATION]?.split('#')[0] ?? [],
  )
  return [...new Set(files)].sort()
}
