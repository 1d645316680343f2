import {
  cloneJson,
  type KubeObject,
  RESTARTS_WITH_SECRETS_ANNOTATION,
  type RoleId,
  SECRETS_CHECKSUM,
  secretsOfPods,
} from '@landfall/kube'
import { annotate } from '../../objects/pod.ts'
import { goText } from './expression.ts'
import { define } from './hashes.ts'
import { type Marked, put } from './marks.ts'

/** A change of a Job's template is refused; its name decides whether it runs. */
const ROLLED = new Set(['Deployment', 'DaemonSet', 'StatefulSet'])

/** Hexadecimal digits: enough to differ after a change, and too few to find a short secret by guessing. */
const DIGITS = 4

/** The templates with the Secrets of a chart that the pods of a workload use. `secrets`: the objects by their names. */
export function secretFiles(object: KubeObject, secrets: ReadonlyMap<string, RoleId>): string[] {
  if (!ROLLED.has(object.kind)) return []
  const others = object.metadata.annotations?.[RESTARTS_WITH_SECRETS_ANNOTATION]?.split(',') ?? []
  return [...new Set([...secretsOfPods(object), ...others])].flatMap((name) => {
    const role = secrets.get(name)
    return role === undefined ? [] : [`${role.replace('/', '-')}.yaml`]
  })
}

/** A workload with a place for the checksum of its Secrets. */
export function withChecksum(object: KubeObject): KubeObject {
  const copy = cloneJson(object)
  annotate(copy.spec.template.metadata, SECRETS_CHECKSUM, '')
  return copy
}

/** Puts a checksum of Secrets there, so that a changed secret makes new pods, as `landfall up` does. */
export function markChecksum(chart: string, marked: Marked, files: readonly string[]): void {
  const list = files.map(goText).join(' ')
  const text = `{{ include "${chart}.secrets" (dict "root" . "files" (list ${list})) | quote }}`
  marked.object.spec.template.metadata.annotations[SECRETS_CHECKSUM] = put(marked, {
    kind: 'whole',
    text,
  })
}

/** The named template of these checksums. */
export function secretsTemplate(chart: string): string {
  return define(
    `${chart}.secrets`,
    `{{- $contents := list -}}
{{- range .files -}}
{{- $secret := include (print $.root.Template.BasePath "/" .) $.root | fromYaml -}}
{{- $contents = append $contents $secret.data -}}
{{- end -}}
{{- $contents | toJson | sha256sum | trunc ${DIGITS} -}}`,
  )
}
