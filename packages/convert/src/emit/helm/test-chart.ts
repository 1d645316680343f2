import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Bundle, KubeObject } from '@landfall/kube'
import { parseAllDocuments } from 'yaml'
import { type ChartOptions, emitChart } from './chart.ts'

/** For tests: where charts are written. */
export const scratch = mkdtempSync(join(tmpdir(), 'landfall-chart-'))

let number = 0

/** For tests: a chart in a directory of its own. */
export function writeChart(files: ReadonlyMap<string, string>): string {
  const chart = join(scratch, String(number++))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(chart, path)), { recursive: true })
    writeFileSync(join(chart, path), text)
  }
  return chart
}

/** For tests: the chart of a bundle. */
export function chartOf(bundle: Bundle, options: Partial<ChartOptions> = {}): string {
  return writeChart(
    emitChart(bundle, {
      withSecrets: true,
      locate: () => undefined,
      provenance: {},
      ...options,
    }),
  )
}

/** For tests: what a program printed. */
export function run(program: string, args: string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  })
  return { status, stdout, stderr }
}

/** For tests: the objects that Helm renders, by kind and name; `values` is the content of a values file. */
export function rendered(
  helm: string,
  chart: string,
  values: unknown = {},
): Record<string, KubeObject> {
  const args = ['template', 'any', chart, '--namespace', 'some', '--values', '-']
  const { status, stdout, stderr } = run(helm, args, JSON.stringify(values))
  if (status !== 0) throw new Error(stderr)
  const documents = parseAllDocuments(stdout, { version: '1.1', uniqueKeys: true })
  const objects = documents.flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]
    const object = document.toJS({ maxAliasCount: 0 }) as KubeObject | null
    return object === null ? [] : [object]
  })
  return byId(objects)
}

/** For tests: objects by kind and name. */
export function byId(objects: Iterable<KubeObject>): Record<string, KubeObject> {
  return Object.fromEntries(
    [...objects].map((object) => [
      `${object.kind}/${object.metadata.name}`,
      object.kind === 'PersistentVolumeClaim' ? withoutKeep(object) : object,
    ]),
  )
}

/** The one annotation that only a chart has. */
function withoutKeep(object: KubeObject): KubeObject {
  const { 'helm.sh/resource-policy': _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}
