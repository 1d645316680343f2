import { type Bundle, type RoleId, toDnsLabel } from '@landfall/kube'
import type { ObjectComments } from '../comments.ts'
import { toYaml } from '../yaml.ts'
import { type EnvironmentValues, environmentFile, environmentText } from './environments.ts'
import { derivedNames, hashTemplates } from './hashes.ts'
import { helpers } from './helpers.ts'
import { holdsMarks, marking } from './marks.ts'
import { notes } from './notes.ts'
import { objectFiles } from './object-files.ts'
import { oneRelease } from './one-release.ts'
import { readme } from './readme.ts'
import { withTests } from './tests/tests.ts'
import { type Locate, valuesFile, valuesOf } from './values.ts'
import { valuesSchema } from './values-schema.ts'

/** How a chart is written. */
export interface ChartOptions {
  /** Secrets of the project are in the values file. */
  withSecrets: boolean
  /** Where a value of the project is declared. */
  locate: Locate
  /** What made the chart, and of what, for its annotations. */
  provenance: Readonly<Record<string, string>>
  /** What the project is in its environments, by their names: each has a values file. */
  environments?: ReadonlyMap<string, EnvironmentValues>
  /** Has sh and curl: that of the settings, for checks of a project without gates. */
  gateImage?: string
  /** Those of `commentsOn`. */
  comments?: ReadonlyMap<RoleId, ObjectComments>
}

/**
 * The bundle as a chart, by the paths of its files. With the defaults of its parameters, Helm renders it to the objects of `emitManifests`; what
 * differs is that uninstalling keeps claims, that pods have a checksum of their Secrets, and that checks are pods for `helm test`. Throws an Error for a project with texts that stand for values in here.
 */
export function emitChart(given: Bundle, options: ChartOptions): Map<string, string> {
  const { bundle, others } = withTests(given, options.gateImage)
  if (holdsMarks(bundle)) throw new Error('a text of the project stands for values of a chart')
  const chart = toDnsLabel(bundle.name)
  const names = derivedNames(chart, bundle)
  const marks = marking(chart, bundle, names)
  const hashes = hashTemplates(chart, bundle, marks, names)
  const values = valuesOf(bundle)
  const files: [string, string][] = [
    ['Chart.yaml', chartFile(chart, bundle, options)],
    ['values.yaml', valuesFile(values, options)],
    ['values.schema.json', valuesSchema(values, `Values of ${bundle.name}`)],
    ['README.md', readme(chart, bundle, options)],
    ['templates/NOTES.txt', notes(bundle, others)],
    ['templates/_helpers.tpl', helpers(chart, hashes)],
    ...oneRelease(bundle),
    ...[...(options.environments ?? [])].map(([name, own]): [string, string] => [
      environmentFile(name),
      environmentText(name, own),
    ]),
  ]
  for (const [role, text] of objectFiles(bundle, {
    chart,
    marks,
    hashes,
    comments: options.comments,
  }))
    files.push([`templates/${role.replace('/', '-')}.yaml`, text])
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function chartFile(chart: string, { name }: Bundle, { provenance }: ChartOptions): string {
  return toYaml({
    apiVersion: 'v2',
    name: chart,
    description: `The project ${name}, converted from Docker Compose`,
    type: 'application',
    version: '0.1.0',
    annotations: { ...provenance },
  })
}
