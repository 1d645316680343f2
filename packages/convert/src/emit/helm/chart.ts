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
import { markChecksum, secretFiles, secretsTemplate, withChecksum } from './secret-checksums.ts'
import { withTests } from './tests.ts'
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
 * differs is that uninstalling keeps claims, that pods have a checksum of their Secrets, and that checks are pods for `helm test`. Throws an Error for a project with texts that stand for values in here.
 */
export function emitChart(given: Bundle, options: ChartOptions): Map<string, string> {
  const { bundle, others } = withTests(given)
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
    ['templates/NOTES.txt', notes(bundle, others)],
    ['templates/_helpers.tpl', helpers(chart, hashes)],
    ...oneRelease(bundle),
    ...[...(options.environments ?? [])].map(([name, own]): [string, string] => [
      environmentFile(name),
      environmentText(name, own),
    ]),
  ]
  const replaced = replacedBy(bundle)
  const secrets = new Map(
    [...bundle.objects].flatMap(([role, { kind, metadata }]) =>
      kind === 'Secret' ? [[metadata.name, role] as const] : [],
    ),
  )
  for (const [role, object] of bundle.objects) {
    const comments = options.comments?.get(role)
    const text = objectFile({ chart, role, object, marks, hashes, secrets, comments })
    files.push([`templates/${role.replace('/', '-')}.yaml`, unless(replaced.get(role), text)])
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface ObjectFile {
  chart: string
  role: RoleId
  object: KubeObject
  marks: Marking
  hashes: Hashes
  /** Those of the bundle by their names. */
  secrets: ReadonlyMap<string, RoleId>
  comments: ObjectComments | undefined
}

function objectFile({ chart, role, object, marks, hashes, secrets, comments }: ObjectFile): string {
  const parts = hashes.sharedOf(role)
  // what others restart with has a hash of its template
  const isHashed = parts.some(({ pointer }) => pointer.startsWith('/spec/template'))
  const used = isHashed ? [] : secretFiles(object, secrets)
  const source = used.length === 0 ? object : withChecksum(object)
  const marked = marks.mark(role, templateLast(source))
  if (used.length > 0) markChecksum(chart, marked, used)
  if (object.kind === 'PersistentVolumeClaim')
    marked.object.metadata.annotations = { ...KEEP, ...marked.object.metadata.annotations }
  const shared = takeShared(marked, parts)
  const templates = shared.map(({ template, path, value }) =>
    define(template, templateOf(value, marked.marks, commentsBelow(comments, path))),
  )
  return [...templates, templateOf(marked.object, marked.marks, comments)].join('')
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

/** The rule of `imageIn`, of a list with the registry, the image, and whether one without a registry can be an official one of Docker Hub. */
const IN_REGISTRY = [
  '{{- $registry := index . 0 }}{{ $image := index . 1 }}',
  '{{- if $registry }}{{ $registry }}/',
  '{{- if and (index . 2) (regexMatch `^((index\\.)?docker\\.io/)?[^/]*$` $image) }}library/{{ end }}',
  '{{- regexReplaceAll `^([^/]*[.:A-Z][^/]*|localhost)/` $image "" }}',
  '{{- else }}{{ $image }}{{ end }}',
].join('')

/** The rule of `variablesOf`: as a list. */
const variables = (text: string) =>
  [
    '{{- range $name, $value := . }}\n- name: {{ quote $name }}',
    '{{- if kindIs "map" $value }}\n  valueFrom: {{ toJson $value.valueFrom }}',
    `{{- else }}\n  value: {{ include "${text}" $value | quote }}`,
    '{{- end }}{{ end }}',
  ].join('')

/** A text, the name of an image, and what is derived. */
function helpers(chart: string, { helpers: derived }: Hashes): string {
  return [
    define(`${chart}.text`, '{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}'),
    define(
      `${chart}.image`,
      '{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}',
    ),
    secretsTemplate(chart),
    define(`${chart}.registry`, IN_REGISTRY),
    define(`${chart}.variables`, variables(`${chart}.text`)),
    derived,
  ].join('')
}
