import type { Bundle, Parameter } from '@landfall/kube'
import { shownPath } from './expression.ts'
import { chartValues, inOrder, type Locate, valuesOf } from './values.ts'

/** The README of a chart: how to install it, and a table of its values. */
export function readme(
  chart: string,
  bundle: Bundle,
  { withSecrets, locate }: { withSecrets: boolean; locate: Locate },
): string {
  const secrets = withSecrets ? [] : bundle.parameters.filter(({ secret }) => secret)
  const builds = [...new Set(bundle.builds.map(({ image }) => image))].sort()
  return [
    '<!--',
    '-->',
    `# ${bundle.name}`,
    '',
    `The project \`${bundle.name}\` as a Helm chart, converted from Docker Compose by \`landfall convert --format helm\`.`,
    '',
    `    helm install ${chart} . --namespace ${chart} --create-namespace${secrets.length > 0 ? ' --values secrets.yaml' : ''}`,
    '',
    'The objects need no order: pods wait for what they depend on. A namespace holds one release, because the services reach each other by plain names.',
    'Uninstalling a release keeps its claims, and the data in them.',
    ...(secrets.length === 0
      ? []
      : [
          '',
          'The chart does not hold the secrets of the project. Set the values that the table calls required in a values file of your own, or name existing Secrets',
          'with `existingSecret`: pods use a change of these after `kubectl rollout restart`, and one of the values at the upgrade.',
        ]),
    ...(builds.length === 0
      ? []
      : [
          '',
          `The project builds these images, which must be in a registry that the cluster can pull from: ${builds.map((one) => `\`${one}\``).join(', ')}.`,
        ]),
    '',
    ...table(inOrder(valuesOf(bundle)), withSecrets, locate),
    '',
  ].join('\n')
}

/** Keys of a service whose values or reasons are its own. */
const OWN = new Set(['image', 'replicas', 'environment', 'files', 'secrets'])

/** The values. What several services have alike is one row. */
function table(parameters: readonly Parameter[], withSecrets: boolean, locate: Locate): string[] {
  const alike = new Map<string, Parameter[]>()
  for (const parameter of parameters) {
    const key = commonKey(parameter)
    if (key !== undefined) alike.set(key, [...(alike.get(key) ?? []), parameter])
  }
  const isCommon = (parameter: Parameter): boolean =>
    (alike.get(commonKey(parameter) ?? '')?.length ?? 0) > 1
  const common = [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return []
    const { origin: _, ...plain } = first
    return [{ ...plain, path: ['services', 'NAME', ...first.path.slice(2)] }]
  })
  const rows = [
    ...common.map((one) => row(one, withSecrets, locate)),
    ...parameters.filter((one) => !isCommon(one)).map((one) => row(one, withSecrets, locate)),
  ]
  return [
    ...(common.length === 0
      ? []
      : ['`NAME` is a service; `values.yaml` lists which of these values each has.', '']),
    '| value | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
  ]
}

/** Equal for values of services that differ in the service alone; undefined for others. */
function commonKey({ path, default: value, description, secret }: Parameter): string | undefined {
  if (path[0] !== 'services' || path.length < 3 || OWN.has(path[2] as string) || secret === true)
    return undefined
  return JSON.stringify([path.slice(2), value, description])
}

function row(parameter: Parameter, withSecrets: boolean, locate: Locate): string {
  const { path, description, origin, secret } = parameter
  const [shown] = Object.values(chartValues([{ ...parameter, path: ['value'] }], withSecrets))
  const place = origin === undefined ? undefined : locate(origin)
  const isHidden = secret === true
  return [
    `\`${cell(shownPath(path))}\``,
    isHidden ? (withSecrets ? 'of the project' : 'required') : code(JSON.stringify(shown)),
    cell(`${description}${place === undefined ? '' : ` (${place})`}`),
  ]
    .join(' | ')
    .replace(/^/, '| ')
    .concat(' |')
}

/** Longest default that is shown. */
const LONGEST = 120

function code(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return `\`\` ${cell(short)} \`\``
}

function cell(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('|', '\\|')
    .trim()
}
