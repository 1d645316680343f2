import { type Bundle, type KubeObject, type RoleId, roleOf } from '@landfall/kube'
import type { ObjectComments } from '../comments.ts'
import { templateLast } from '../manifests.ts'
import { anyOf, isOn, valuePath } from './expression.ts'
import { templateOf } from './fill-in.ts'
import { allObjects, define, type Hashes, takeShared } from './hashes.ts'
import type { Marking } from './marks.ts'
import { markChecksum, secretFiles, withChecksum } from './secret-checksums.ts'

/** What Helm leaves in the cluster when a release is uninstalled. https://helm.sh/docs/howto/charts_tips_and_tricks/ */
const KEEP = { 'helm.sh/resource-policy': 'keep' }

interface Given {
  chart: string
  marks: Marking
  hashes: Hashes
  comments: ReadonlyMap<RoleId, ObjectComments> | undefined
}

/** A form of an object, and the values with which it is there; undefined where it is there if no other one is. */
interface Form {
  when: string[] | undefined
  templates: string
  text: string
}

/** The template files of objects, by their roles: all forms of one object are in one file. */
export function objectFiles(bundle: Bundle, given: Given): Map<RoleId, string> {
  const replaced = replacedBy(bundle)
  const switched = switchesByObject(bundle)
  const forms = new Map<RoleId, Form[]>()
  const objects = [...allObjects(bundle)]
  const secrets = new Map(
    objects.flatMap(([id, { kind, metadata }]) =>
      kind === 'Secret' ? [[metadata.name, roleOf(id)] as const] : [],
    ),
  )
  for (const [id, object] of objects) {
    const { templates, text } = formOf(id, object, secrets, given)
    const when = bundle.objects.has(id) ? undefined : (switched.get(id) ?? [])
    const form = { when, templates, text: unless(replaced.get(id), text) }
    forms.set(roleOf(id), [...(forms.get(roleOf(id)) ?? []), form])
  }
  return new Map([...forms].map(([role, all]) => [role, fileOf(all)]))
}

function switchesByObject({ switches }: Bundle): Map<RoleId, string[]> {
  const found = new Map<RoleId, string[]>()
  for (const one of switches)
    for (const id of one.objects.keys()) found.set(id, [...(found.get(id) ?? []), isOn(one)])
  return found
}

function fileOf(forms: readonly Form[]): string {
  const templates = forms.map((form) => form.templates).join('')
  const otherwise = forms.find(({ when }) => when === undefined)?.text
  const branches = forms.flatMap(({ when, text }) =>
    when === undefined ? [] : [`if ${anyOf(when)} }}\n${text}`],
  )
  if (branches.length === 0) return `${templates}${otherwise}`
  const last = otherwise === undefined ? '' : `{{- else }}\n${otherwise}`
  return `${templates}{{- ${branches.join('{{- else ')}${last}{{- end }}\n`
}

function formOf(
  id: RoleId,
  object: KubeObject,
  secrets: ReadonlyMap<string, RoleId>,
  { chart, marks, hashes, ...given }: Given,
): Pick<Form, 'templates' | 'text'> {
  const comments = given.comments?.get(id)
  const parts = hashes.sharedOf(id)
  // what others restart with has a hash of its template
  const isHashed = parts.some(({ pointer }) => pointer.startsWith('/spec/template'))
  const used = isHashed ? [] : secretFiles(object, secrets)
  const marked = marks.mark(id, templateLast(used.length === 0 ? object : withChecksum(object)))
  if (used.length > 0) markChecksum(chart, marked, used)
  if (object.kind === 'PersistentVolumeClaim')
    marked.object.metadata.annotations = { ...KEEP, ...marked.object.metadata.annotations }
  const templates = takeShared(marked, parts).map(({ template, path, value }) =>
    define(template, templateOf(value, marked.marks, commentsBelow(comments, path))),
  )
  return { templates: templates.join(''), text: templateOf(marked.object, marked.marks, comments) }
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
  return values === undefined ? text : `{{- if not ${anyOf(values)} }}\n${text}{{- end }}\n`
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
