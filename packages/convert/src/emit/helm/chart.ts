import { type Bundle, type KubeObject, type RoleId, toDnsLabel } from '@landfall/kube'
import type { ObjectComments } from '../comments.ts'
import { templateLast } from '../manifests.ts'
import { toYaml } from '../yaml.ts'
import { type EnvironmentValues, environmentFile, environmentText } from './environments.ts'
import { valuePath } from './expression.ts'
import { templateOf } from './fill-in.ts'
import { define, derivedNames, type Hashes, hashTemplates, takeShared } from './hashes.ts'
import { holdsMarks, type Marking, marking } from './marks.ts'
import { notes } from './notes.ts'
import { oneRelease } from './one-release.ts'
import { readme } from './readme.ts'
import { type Locate, valuesFile, valuesSchema } from './values.ts'

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
  /** Those of `commentsOn`. */
  comments?: ReadonlyMap<RoleId, ObjectComments>
}

/** What Helm leaves in the cluster when a release is uninstalled. https://helm.sh/docs/howto/charts_tips_and_tricks/ */
const KEEP = { 'helm.sh/resource-policy': 'keep' }

/**
 * The bundle as a chart, by the paths of its files. With the defaults of its parameters, Helm renders it to the objects of `emitManifests`; what
 * differs is that uninstalling keeps claims. Throws an Error for a project with texts that stand for values in here.
 */
export function emitChart(bundle: Bundle, options: ChartOptions): Map<string, string> {
  if (holdsMarks(bundle)) throw new Error('a text of the project stands for values of a chart')
  const chart = toDnsLabel(bundle.name)
  const names = derivedNames(chart, bundle)
  const marks = marking(chart, bundle, names)
  const hashes = hashTemplates(chart, bundle, marks, names)
  const files: [string, string][] = [
    ['Chart.yaml', chartFile(chart, bundle, options)],
    ['values.yaml', valuesFile(bundle.parameters, options)],
    ['values.schema.json', valuesSchema(bundle.parameters, `Values of ${bundle.name}`)],
    ['README.md', readme(chart, bundle, options)],
    ['templates/NOTES.txt', notes(bundle)],
    ['templates/_helpers.tpl', helpers(chart, hashes)],
    ...oneRelease(bundle),
    ...[...(options.environments ?? [])].map(([name, own]): [string, string] => [
      environmentFile(name),
      environmentText(name, own),
    ]),
  ]
  const replaced = replacedBy(bundle)
  for (const [role, object] of bundle.objects) {
    const comments = options.comments?.get(role)
    const text = objectFile({ role, object, marks, hashes, comments })
    files.push([`templates/${role.replace('/', '-')}.yaml`, unless(replaced.get(role), text)])
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface ObjectFile {
  role: RoleId
  object: KubeObject
  marks: Marking
  hashes: Hashes
  comments: ObjectComments | undefined
}

function objectFile({ role, object, marks, hashes, comments }: ObjectFile): string {
  const marked = marks.mark(role, templateLast(object))
  if (object.kind === 'PersistentVolumeClaim')
    marked.object.metadata.annotations = { ...KEEP, ...marked.object.metadata.annotations }
  const shared = takeShared(marked, hashes.sharedOf(role))
  const parts = shared.map(({ template, path, value }) =>
    define(template, templateOf(value, marked.marks, commentsBelow(comments, path))),
  )
  return [...parts, templateOf(marked.object, marked.marks, comments)].join('')
}

/** Objects that are left out where one of these values is not empty. */
function replacedBy({ parameters }: Bundle): Map<RoleId, string[]> {
  const replaced = new Map<RoleId, string[]>()
  for (const { path, replaces = [] } of parameters)
    for (const role of replaces)
      replaced.set(role, [...(replaced.get(role) ?? []), valuePath(path)])
  return replaced
}

function unless(values: readonly string[] | undefined, text: string): string {
  if (values === undefined) return text
  const condition = values.length === 1 ? values[0] : `(or ${values.join(' ')})`
  return `{{- if not ${condition} }}\n${text}{{- end }}\n`
}

function commentsBelow(
  comments: ObjectComments | undefined,
  path: readonly string[],
): ObjectComments {
  const prefix = `${path.join('/')}/`
  return new Map(
    [...(comments ?? [])].flatMap(([at, lines]) =>
      at.startsWith(prefix) ? [[at.slice(prefix.length), lines] as const] : [],
    ),
  )
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

/** A text, the name of an image, and what is derived. */
function helpers(chart: string, { helpers: derived }: Hashes): string {
  return [
    define(`${chart}.text`, '{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}'),
    define(
      `${chart}.image`,
      '{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}',
    ),
    derived,
  ].join('')
}
