import { type Bundle, COMPOSE_SERVICE_ANNOTATION, type KubeObject } from '@landfall/kube'

/** What Helm prints after an installation: how to look at the release, and how to reach it. */
export function notes(bundle: Bundle, others: readonly string[]): string {
  const objects = [...bundle.objects.values()]
  const reached = objects.flatMap(reachedBy)
  const waits = objects.some(({ spec }) =>
    spec?.template?.spec?.initContainers?.some(({ name }: { name: string }) =>
      name.startsWith('wait-for-'),
    ),
  )
  const lines = [
    `${bundle.name} is installed as release {{ .Release.Name }} in the namespace {{ .Release.Namespace }}.`,
    '',
    ...(waits
      ? [
          'Pods wait for what they need in init containers named wait-for-…, so they may show Init:0/1 for a while. To see what they wait for:',
        ]
      : ['To see its pods:']),
    '',
    '  kubectl --namespace {{ .Release.Namespace }} get pods --watch',
    ...tests(bundle, others),
    ...(reached.length === 0 ? [] : ['', 'To reach it:', '', ...reached.map((one) => `  ${one}`)]),
    '',
  ]
  return `{{- /*\n*/ -}}\n${lines.join('\n')}`
}

/** A text in which Helm finds no template. */
function asText(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}')
}

/** How to test it; `others`: checks that no pod of the chart can do. */
function tests({ checks }: Bundle, others: readonly string[]): string[] {
  if (checks.length === 0) return []
  const inHelm =
    others.length === checks.length
      ? []
      : [
          '',
          'To test it:',
          '',
          '  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --logs',
        ]
  const more =
    others.length === 0
      ? []
      : ['', `Checks of the project that helm test does not run: ${asText(others.join(', '))}.`]
  return [...inHelm, ...more]
}

function reachedBy({ kind, metadata, spec }: KubeObject): string[] {
  const service = metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION]
  if (kind === 'Service' && service !== undefined)
    return spec.ports.map(
      ({ port }: { port: number }) =>
        `kubectl --namespace {{ .Release.Namespace }} port-forward service/${metadata.name} :${port}    # ${service}`,
    )
  if (kind === 'Ingress')
    return [`kubectl --namespace {{ .Release.Namespace }} get ingress ${metadata.name}`]
  return []
}
