import { define, type Hashes } from './hashes.ts'
import { secretsTemplate } from './secret-checksums.ts'

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
export function helpers(chart: string, { helpers: derived }: Hashes): string {
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
