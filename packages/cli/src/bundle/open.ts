import { resolve } from 'node:path'
import { type Bundle, objectId } from '@landfall/kube'
import type { TargetOptions } from '../cluster/options.ts'
import { withCluster } from '../cluster/with-cluster.ts'
import { UsageError } from '../errors.ts'
import type { ProjectOptions } from '../project/options.ts'
import type { Terminal } from '../terminal.ts'
import type { BundleDiagnostic, Manifest, Manifests } from './manifest.ts'
import { type BundleRelease, namespaceOf, placeObjects, releaseNameOf } from './place-objects.ts'
import { readBundle } from './read/bundle.ts'
import { capabilitiesOf } from './read/chart.ts'
import { type BundlePlace, placeOf } from './read/place.ts'

/** What `--bundle` names, as objects of a release. */
interface OpenedBundle extends BundleRelease, Manifests {
  place: BundlePlace
  diagnostics: readonly BundleDiagnostic[]
}

/** Options that only a project has; a bundle is what a conversion has made with them. */
interface ProjectOnly extends ProjectOptions {
  registry?: string
  resetFiles?: readonly string[]
}

/** Throws a UsageError for a project, and for options of one, together with `--bundle`. */
export function refuseProject(project: string | undefined, options: ProjectOnly): void {
  if (project !== undefined)
    throw new UsageError(`--bundle takes the place of a project: ${project}`, 'use one of them')
  const { profile, envFile, projectDirectory, environment, offline, registry, resetFiles } = options
  const others = {
    ...{ profile, 'env-file': envFile, 'project-directory': projectDirectory },
    ...{ environment, offline, registry, 'reset-files': resetFiles },
  }
  for (const [name, value] of Object.entries(others))
    if (value !== undefined)
      throw new UsageError(
        `--${name} is about a project, and --bundle has none`,
        `remove --${name}`,
      )
}

/**
 * Reads what `--bundle` names. A chart is rendered for the cluster that the options mean if `asks`, else for the one that helm knows. Throws
 * a UsageError, and CommandFailed if it cannot be rendered.
 */
export async function openBundle(
  given: string,
  options: ProjectOptions & TargetOptions,
  terminal: Terminal,
  asks: boolean,
): Promise<OpenedBundle> {
  const { file: values = [], projectName } = options
  const place = placeOf(given, terminal)
  if (values.length > 0 && place.kind !== 'chart')
    throw new UsageError(
      `-f is a file of values with --bundle, and ${given} is not a chart`,
      'remove -f',
    )
  const name = place.kind === 'chart' ? place.name : undefined
  const isChart = name !== undefined
  const first = isChart ? releaseNameOf([], projectName, name) : ''
  const diagnostics: BundleDiagnostic[] = []
  const report = (one: BundleDiagnostic): void => void diagnostics.push(one)
  const read = await readBundle(
    place,
    {
      release: first,
      namespace: options.namespace ?? first,
      values: values.map((one) => (/^\w+:\/\//.test(one) ? one : resolve(terminal.cwd, one))),
      capabilities:
        isChart && asks
          ? await withCluster(options, terminal, undefined, ({ client }) => capabilitiesOf(client))
          : undefined,
    },
    terminal,
    report,
  )
  const release = isChart ? first : releaseNameOf(read.manifests, projectName, fallbackName(place))
  const namespace = namespaceOf(read.manifests, options.namespace, release)
  const manifests = placeObjects(
    read.manifests,
    { release, namespace },
    options.namespace !== undefined,
    report,
  )
  if (read.manifests.length === 0 && diagnostics.length === 0)
    throw new UsageError(`no objects in ${given}`, 'its documents are empty')
  return { place, release, namespace, manifests, sources: read.sources, diagnostics }
}

/** The objects as a bundle, in which nothing is built, copied or derived. */
export function bundleOf(release: string, manifests: readonly Manifest[]): Bundle {
  return {
    name: release,
    objects: new Map(
      manifests.map(({ object }) => [`${object.apiVersion} ${objectId(object)}`, object]),
    ),
    ...{ parameters: [], switches: [], derived: [], builds: [], uploads: [], checks: [] },
  }
}

/** The name of the directory, with what a name of a release cannot have replaced. */
function fallbackName({ directory }: BundlePlace): string {
  const name = directory.split('/').at(-1) ?? ''
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
