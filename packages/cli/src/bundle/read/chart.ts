import type { KubeClient } from '@landfall/kube'
import type { Terminal } from '../../terminal.ts'
import { HELM, outputOfTool } from './tool.ts'

/** What of a cluster a chart can ask for. */
export interface Capabilities {
  /** `v1.34.2` */
  version: string
  /** `apps/v1`, `apps/v1/Deployment` */
  apiVersions: readonly string[]
}

interface ChartOptions {
  chart: string
  release: string
  namespace: string
  /** Absolute paths, or addresses. */
  values: readonly string[]
  capabilities: Capabilities | undefined
}

/** What a chart can learn of the cluster that it is for. */
export async function capabilitiesOf(client: KubeClient): Promise<Capabilities> {
  const [version, kinds] = await Promise.all([client.serverVersion(), client.listableKinds()])
  const all = kinds.flatMap(({ apiVersion, kind }) => [apiVersion, `${apiVersion}/${kind}`])
  return { version, apiVersions: [...new Set(all)].sort() }
}

/**
 * The objects of a chart as the user's `helm template` renders them, by the template that they are from, and what differs when it is
 * rendered once more. Throws CommandFailed.
 */
export async function renderChart(
  { chart, release, namespace, values, capabilities }: ChartOptions,
  terminal: Terminal,
): Promise<{ texts: Map<string, string>; random: string | undefined }> {
  const args = [
    ...['template', release, chart, '--namespace', namespace, '--include-crds'],
    ...values.flatMap((file) => ['--values', file]),
    ...(capabilities === undefined
      ? []
      : [
          ...['--kube-version', capabilities.version],
          ...capabilities.apiVersions.flatMap((one) => ['--api-versions', one]),
        ]),
  ]
  const render = () => outputOfTool(HELM, args, `the chart ${chart}`, terminal)
  const [first, second] = [await render(), await render()]
  const texts = byTemplate(first)
  const again = byTemplate(second)
  const random = [...texts].find(([name, text]) => again.get(name) !== text)?.[0]
  return { texts, random }
}

/** The output of `helm template` by the names of the templates: `shop/templates/web.yaml`. */
function byTemplate(rendered: string): Map<string, string> {
  const texts = new Map<string, string>()
  for (const document of rendered.split(/^---[ \t]*\n/m)) {
    const [, name] = /^# Source: (\S.*)$/m.exec(document) ?? []
    if (document.trim() === '') continue
    const key = name ?? 'helm template'
    const before = texts.get(key)
    texts.set(key, before === undefined ? document : `${before}---\n${document}`)
  }
  return texts
}
