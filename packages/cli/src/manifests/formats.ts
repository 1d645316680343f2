import { relative, resolve } from 'node:path'
import {
  type EnvironmentValues,
  emitChart,
  emitKustomize,
  emitManifests,
  type ObjectComments,
} from '@landfall/convert'
import { positionAt, spanOf } from '@landfall/diagnostic'
import { type Bundle, type RoleId, SOURCE_ANNOTATION } from '@landfall/kube'
import type { Converted } from '../project/read.ts'
import { version } from '../version.ts'

/** What `convert` writes. */
export type Format = 'manifests' | 'kustomize' | 'helm'

interface FormatOptions {
  namespace?: string
  comments?: ReadonlyMap<RoleId, ObjectComments>
  /** The project in each of its environments. */
  environments: ReadonlyMap<string, Bundle>
  /** Of a chart: what the environments are as values. */
  values: ReadonlyMap<string, EnvironmentValues>
  /** The project with its profiles: what they declare is in no other one. */
  profiles: { bundles: ReadonlyMap<string, Bundle>; converted: readonly Converted[] }
  /** Of a chart: the secrets of the project are in it. */
  withSecrets: boolean
}

/** The files of a project in one format, by their paths. */
export function filesOf(
  format: Format,
  converted: Converted,
  bundle: Bundle,
  { environments, values, profiles, withSecrets, ...options }: FormatOptions,
): Map<string, string> {
  const gateImage = converted.settings?.gate?.image
  if (format === 'helm')
    return emitChart(bundle, {
      withSecrets,
      ...(gateImage !== undefined && { gateImage }),
      environments: values,
      locate: (origin) =>
        firstOf([converted, ...profiles.converted], (one) => placeOf(one, origin)),
      provenance: {
        'landfall.dev/version': version,
        'landfall.dev/project': bundle.name,
        'landfall.dev/files': filesIn(bundle).join(', '),
      },
      ...(options.comments !== undefined && { comments: options.comments }),
    })
  if (format === 'kustomize')
    return emitKustomize(bundle, environments, { ...options, profiles: profiles.bundles })
  return emitManifests(bundle, options.namespace, options.comments)
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
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
