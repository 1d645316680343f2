import { relative } from 'node:path'
import { isSecretByName } from '@landfall/diagnostic'
import type { Terminal } from '../../terminal.ts'
import type { BundleReport, Manifest, Manifests } from '../manifest.ts'
import { type Capabilities, renderChart } from './chart.ts'
import { withoutHooks } from './hooks.ts'
import { isFields, readObjects } from './objects.ts'
import { type BundlePlace, shownName, textOf } from './place.ts'
import { KUBECTL, outputOfTool } from './tool.ts'

interface RenderOptions {
  /** Of a chart. */
  release: string
  namespace: string
  values: readonly string[]
  capabilities: Capabilities | undefined
}

/**
 * The objects at a place, rendered if it is a chart or a kustomization; from then on the terminal does not show the contents of their
 * Secrets. Throws a UsageError for a file that cannot be read, and CommandFailed if it cannot be rendered.
 */
export async function readBundle(
  place: BundlePlace,
  options: RenderOptions,
  terminal: Terminal,
  report: BundleReport,
): Promise<Manifests> {
  const texts = await textsOf(place, options, terminal, report)
  const read = [...texts].flatMap(([file, text]) => readObjects(text, file, report))
  terminal.mask.learn(read.flatMap(secretsOf))
  return { manifests: withoutHooks(read, report), sources: texts }
}

async function textsOf(
  place: BundlePlace,
  options: RenderOptions,
  terminal: Terminal,
  report: BundleReport,
): Promise<Map<string, string>> {
  const { cwd } = terminal
  if (place.kind === 'manifests') {
    for (const directory of place.below)
      report({
        code: 'cli/manifest-not-read',
        severity: 'note',
        message: `the manifests in ${shownName(directory, cwd)} are not part of it: directories are not searched`,
        path: '',
      })
    return new Map(
      place.files.map((file) => {
        const { name, text } = textOf(file, terminal)
        return [name, text] as const
      }),
    )
  }
  if (place.kind === 'kustomization') {
    const shown = shownName(place.directory, cwd)
    const args = ['kustomize', relative(cwd, place.directory) || '.']
    const text = await outputOfTool(KUBECTL, args, `the kustomization ${shown}`, terminal)
    return new Map([[`${shown} (kubectl kustomize)`, text]])
  }
  const { texts, random } = await renderChart({ ...options, chart: place.chart }, terminal)
  if (random !== undefined)
    report({
      code: 'cli/chart-random',
      severity: 'error',
      message: `${random} gives other objects each time, for example a new password: each deploy would change it`,
      path: '',
      at: { file: random, start: 0, end: 0 },
      hint: 'set the values that the chart generates, in a file for -f',
    })
  return texts
}

/** From so many characters on, a value of a Secret is no common word. */
const LONG = 16

/** The contents of a Secret that no text should show. */
function secretsOf({ object }: Manifest): string[] {
  if (object.kind !== 'Secret') return []
  const { data, stringData } = object
  const decoded = Object.entries(isFields(data) ? data : {}).map(
    ([key, one]) => [key, Buffer.from(String(one), 'base64').toString('utf8')] as const,
  )
  const plain = Object.entries(isFields(stringData) ? stringData : {}).map(
    ([key, one]) => [key, String(one)] as const,
  )
  return [...decoded, ...plain]
    .filter(([key, text]) => isSecretByName(key, text) || text.length >= LONG)
    .map(([, text]) => text)
}
