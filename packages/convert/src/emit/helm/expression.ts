import type { Parameter, Place, Switch } from '@landfall/kube'

/** A key that can follow a dot in a Go template. */
const FIELD = /^[A-Za-z_][A-Za-z0-9_]*$/

/** A text as a literal of a Go template. https://go.dev/ref/spec#String_literals */
export function goText(text: string): string {
  return JSON.stringify(text.toWellFormed())
}

/** `.Values.services.api.replicas`, `(index .Values.services "shop-queue").replicas` */
export function valuePath(path: readonly string[]): string {
  return path.reduce(
    (inside, key) => (FIELD.test(key) ? `${inside}.${key}` : `(index ${inside} ${goText(key)})`),
    '.Values',
  )
}

/** Whether a switch is on, for `if` in a template. */
export function isOn({ path, follows = [{ path }] }: Pick<Switch, 'path' | 'follows'>): string {
  return anyOf(
    follows.map(({ path: followed, above }) =>
      above === undefined ? valuePath(followed) : `(gt (int ${valuePath(followed)}) ${above})`,
    ),
  )
}

/** A value that may be set, in a mapping that may be removed. */
export function optionalValue(path: readonly string[]): string {
  const [last = ''] = path.slice(-1)
  return `(${valuePath(path.slice(0, -1))}).${last}`
}

/** A path of the values file for people: `services.api.image`, with quotes around a key that holds a dot. */
export function shownPath(path: readonly string[]): string {
  return path.map((key) => (/^[^.\s"]+$/.test(key) ? key : JSON.stringify(key))).join('.')
}

/** The value of a parameter for a place, without its text form. */
export function placedValue({ path, secret }: Parameter, { part }: Place): string {
  const value = valuePath(part === undefined ? path : [...path, part])
  return secret === true ? `(required ${goText(missing(path))} ${value})` : value
}

function missing(path: readonly string[]): string {
  const [, service, group] = path
  const instead =
    path[0] === 'services' && group === 'secrets'
      ? `, or name an existing Secret in services.${service}.existingSecret`
      : path[0] === 'secrets'
        ? ', or name an existing Secret in existingSecret of each service that uses it'
        : ''
  return `${shownPath(path)} is not set: the chart does not hold the secrets of the project. Set it in a values file${instead}`
}

/** What a template computes for the name of an image, without its quotes. `image`: that of the mark which is there, or the text. */
export function imageExpression(
  chart: string,
  parameter: Parameter,
  place: Place,
  image: string,
): string {
  const value = placedValue(parameter, place)
  return place.as === 'image'
    ? `include "${chart}.image" ${value}`
    : `include "${chart}.registry" (list ${value} ${image} ${place.as === 'registry'})`
}

/** What a template prints for a part of a text. */
export function partText(chart: string, parameter: Parameter, place: Place): string {
  const value = placedValue(parameter, place)
  return place.as === 'json'
    ? `{{ ${value} | toRawJson }}`
    : `{{ include "${chart}.text" ${value} }}`
}

/** What a template prints for a place, quotes included. `chart` is the prefix of its named templates; `base`: what is there without the parameter. */
export function placedText(
  chart: string,
  parameter: Parameter,
  place: Place,
  base: unknown,
): string {
  const value = placedValue(parameter, place)
  switch (place.as) {
    case 'text':
      return `{{ include "${chart}.text" ${value} | quote }}`
    case 'base64':
      return `{{ include "${chart}.text" ${value} | b64enc | quote }}`
    case 'instead':
      return `{{ ${value} | default ${goText(String(base))} | quote }}`
    default:
      return typeof base === 'string' && parameter.schema.type === 'string'
        ? `{{ ${value} | quote }}`
        : `{{ ${value} | toJson }}`
  }
}

/** Whether one of several values is true, or not empty, for `if` in a template. */
export function anyOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] as string) : `(or ${values.join(' ')})`
}
