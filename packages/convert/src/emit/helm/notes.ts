import { type Bundle, COMPOSE_SERVICE_ANNOTATION, type KubeObject } from '@landfall/kube'

/** What Helm prints after an installation: how to look at the release, and how to reach it. */
export function notes(bundle: Bundle): string {
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
    ...(reached.length === 0 ? [] : ['', 'To reach it:', '', ...reached.map((one) => `  ${one}`)]),
    '',
  ]
  return `{{- /*\n*/ -}}\n${lines.join('\n')}`
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
