import type { Bundle } from '@landfall/kube'
import { goText } from './expression.ts'

/**
 * A template that prints nothing, and refuses a second release in a namespace with the reason: peers reach each other by plain names, so the objects
 * of both would have the same ones. Empty for a bundle without an object of a fixed name.
 */
export function oneRelease({ objects, name, parameters }: Bundle): [string, string][] {
  const left = new Set(parameters.flatMap(({ replaces = [] }) => replaces))
  const [fixed] = [...objects.entries()].filter(
    ([role, { kind }]) =>
      (kind === 'Deployment' || kind === 'Service' || kind === 'DaemonSet') && !left.has(role),
  )
  if (fixed === undefined) return []
  const [, { apiVersion, kind, metadata }] = fixed
  const found = `lookup ${[apiVersion, kind].map(goText).join(' ')} .Release.Namespace ${goText(metadata.name)}`
  const other = goText(
    `the namespace %s holds ${name} already, as release %q: its services reach each other by plain names, so a namespace holds one release. Install into another namespace (--namespace NAME --create-namespace)`,
  )
  return [
    [
      'templates/one-release.yaml',
      `{{- with ${found} }}
{{- $release := dig "metadata" "annotations" "meta.helm.sh/release-name" "" . }}
{{- if and $release (ne $release $.Release.Name) }}
{{- fail (printf ${other} $.Release.Namespace $release) }}
{{- end }}
{{- end }}
`,
    ],
  ]
}
