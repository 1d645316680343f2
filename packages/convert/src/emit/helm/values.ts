import { type Bundle, defaultValues, type Parameter } from '@landfall/kube'
import { toYaml } from '../yaml.ts'

/** The keys of a values file, in the order in which people look for them. */
const ORDER = [
  'secrets',
  'secretFiles',
  'profiles',
  'services',
  'volumes',
  'files',
  'global',
  'images',
  'imagePullSecrets',
  'labels',
  'annotations',
]

/** The keys of a service. */
const ORDER_OF_SERVICE = [
  'image',
  'replicas',
  'scale',
  'resources',
  'environment',
  'extraEnv',
  'files',
  'secrets',
  'existingSecret',
  'published',
  'expose',
  'nodeSelector',
  'tolerations',
  'affinity',
  'priorityClassName',
  'serviceAccount',
  'podLabels',
  'podAnnotations',
]

/** What stands above the first level of the file. */
const GROUPS: Readonly<Record<string, string>> = {
  secrets:
    'Secret environment variables: the value of a name is the same for all services that have it.',
  secretFiles: 'Secret files, by the Secrets that hold them.',
  profiles: 'Services that run only with a profile of the Compose file.',
  services: 'By the names of the Compose file.',
  volumes: 'Claims, by the names of the volumes in the Compose file.',
  files: 'Values that landfall.yaml sets in files of the project, by the paths of both.',
  global: 'Values that a chart has in common with those which it is a part of.',
  images: 'Images in which pods wait and volumes are filled.',
}

/** How the emitter shows where a value is from: `compose.yaml:24`; undefined where no file declares it. */
export type Locate = (origin: string) => string | undefined

/** What can be set: the parameters of a bundle, and its switches. */
export function valuesOf({ parameters, switches }: Bundle): Parameter[] {
  return [
    ...switches
      .filter(({ follows }) => follows === undefined)
      .map(({ objects: _, keys: __, ...one }) => ({
        ...one,
        default: false,
        schema: { type: 'boolean' },
        at: [],
      })),
    ...parameters,
  ]
}

/** Parameters in the order of the values file. */
export function inOrder(parameters: readonly Parameter[]): Parameter[] {
  const rank = (list: readonly string[], key: string | undefined) =>
    (list.indexOf(key ?? '') + list.length + 1) % (list.length + 1)
  return [...parameters].sort(({ path: a }, { path: b }) => {
    const top = rank(ORDER, a[0]) - rank(ORDER, b[0])
    if (top !== 0) return top
    if (a[1] !== b[1]) return (a[1] ?? '') < (b[1] ?? '') ? -1 : 1
    return rank(ORDER_OF_SERVICE, a[2]) - rank(ORDER_OF_SERVICE, b[2])
  })
}

/** The defaults, with an empty text for what is secret unless that is wanted. */
export function chartValues(
  parameters: readonly Parameter[],
  withSecrets: boolean,
): Record<string, unknown> {
  return defaultValues(
    parameters.map((one) => (one.secret && !withSecrets ? { ...one, default: '' } : one)),
  )
}

/** A values file, each value with what it is and where it is from. */
export function valuesFile(
  parameters: readonly Parameter[],
  { withSecrets, locate }: { withSecrets: boolean; locate: Locate },
): string {
  const ordered = inOrder(parameters)
  const comments = new Map<string, string[]>()
  for (const [group, text] of Object.entries(GROUPS)) comments.set(group, [text])
  for (const parameter of ordered) {
    const line = commentOf(parameter, locate, withSecrets)
    if (line !== '') comments.set(parameter.path.join('/'), [line])
  }
  const head = withSecrets
    ? '# It holds the secrets of the project.\n'
    : ordered.some(({ secret }) => secret)
      ? '# Secrets are not in this file: set them in another one.\n'
      : ''
  return spaced(`${head}${toYaml(chartValues(ordered, withSecrets), comments)}`)
}

/** An empty line above each group of the first level, and each service and volume; values of several lines are indented more. */
function spaced(text: string): string {
  return text
    .replace(/\n(?=# (?!.*\n#))/g, '\n\n')
    .replace(/(?<!\n {2}# [^\n]*)\n(?= {2}[^ #\n][^\n]*:\n {4})/g, '\n\n')
    .replace(/^((?:# .*\n)?[a-zA-Z]+:\n)\n/gm, '$1')
}

/** `the number of pods (compose.yaml:24)` */
function commentOf(
  { path, description, origin, secret }: Parameter,
  locate: Locate,
  withSecrets: boolean,
): string {
  const place = origin === undefined ? undefined : locate(origin)
  if (path[2] === 'environment') return place ?? ''
  const required = secret === true && !withSecrets ? 'required: ' : ''
  return `${required}${description}${place === undefined ? '' : ` (${place})`}`
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}
