import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type KubeObject, SECRETS_CHECKSUM } from '@landfall/kube'
import { parseDocument } from 'yaml'

/** The files of a chart, by their paths. */
export type ChartFiles = ReadonlyMap<string, string>

/** Objects by kind and name. */
export type Objects = Record<string, KubeObject>

/** Runs `action` with a chart in a directory, which is removed after it. */
export function inDirectory<T>(files: ChartFiles, action: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-chart-'))
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), text)
    }
    return action(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What `helm lint --strict` finds wrong with a chart; empty if nothing. */
export function lintChart(helm: string, files: ChartFiles): string {
  const { status, stdout, stderr } = inDirectory(files, (directory) =>
    spawnSync(helm, ['lint', '--strict', directory], { encoding: 'utf8' }),
  )
  const isClean = status === 0 && !/WARNING|ERROR/.test(stdout)
  return isClean ? '' : `${stdout}${stderr}`
}

/** The objects that Helm renders; `values` is the content of a values file. Throws an Error with what Helm says. */
export function rendered(helm: string, files: ChartFiles, values: unknown = {}): Objects {
  return renderedAll(helm, files, [values])[0] as Objects
}

/** Copies of a chart in one call: more take longer than several calls. */
const AT_ONCE = 16

/** The same for each of several values files, many in one call: copies of the chart are parts of another one. */
export function renderedAll(
  helm: string,
  files: ChartFiles,
  variants: readonly unknown[],
): Objects[] {
  const results: Objects[] = []
  for (let at = 0; at < variants.length; at += AT_ONCE)
    results.push(...renderedAtOnce(helm, files, variants.slice(at, at + AT_ONCE)).map(objectsById))
  return results
}

/** All that Helm renders, with what only a chart has. */
export function renderedWhole(helm: string, files: ChartFiles, values: unknown): KubeObject[] {
  return renderedAtOnce(helm, files, [values])[0] as KubeObject[]
}

function renderedAtOnce(
  helm: string,
  files: ChartFiles,
  variants: readonly unknown[],
): KubeObject[][] {
  const all = new Map([['Chart.yaml', 'apiVersion: v2\nname: all\nversion: 0.1.0\n']])
  for (const index of variants.keys())
    for (const [path, text] of files)
      all.set(
        `charts/part-${index}/${path}`,
        path === 'Chart.yaml' ? text.replace(/^name: .*$/m, `name: part-${index}`) : text,
      )
  const values = Object.fromEntries(variants.map((one, index) => [`part-${index}`, one]))
  const { status, stdout, stderr } = inDirectory(all, (directory) =>
    spawnSync(helm, ['template', 'any', directory, '--namespace', 'some', '--values', '-'], {
      encoding: 'utf8',
      // YAML takes no control characters, which JSON does
      input: JSON.stringify(values).replace(/[\u007f-\u009f]/g, escaped),
      maxBuffer: 1024 ** 3,
    }),
  )
  if (status !== 0) throw new Error(stderr)
  const found = variants.map((): KubeObject[] => [])
  for (const text of stdout.split(/^---\n/m)) {
    const part = /^# Source: all\/charts\/part-(\d+)\//m.exec(text)
    const document = parseDocument(text, { version: '1.1', uniqueKeys: true })
    if (document.errors.length > 0) throw document.errors[0]
    const object = document.toJS({ maxAliasCount: 0 }) as KubeObject | null
    if (object !== null) found[Number(part?.[1])]?.push(object)
  }
  return found
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Objects by kind and name, without what only a chart has: two annotations, and pods for `helm test`. */
export function objectsById(objects: Iterable<KubeObject>): Objects {
  return Object.fromEntries(
    [...objects]
      .filter(isNoHook)
      .map((object) => [
        `${object.kind}/${object.metadata.name}`,
        object.kind === 'PersistentVolumeClaim' ? withoutKeep(object) : withoutChecksum(object),
      ]),
  )
}

function isNoHook({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['helm.sh/hook'] === undefined
}

function withoutChecksum(object: KubeObject): KubeObject {
  const { metadata } = object.spec?.template ?? {}
  if (metadata?.annotations?.[SECRETS_CHECKSUM] === undefined) return object
  const copy = structuredClone(object)
  const { annotations } = copy.spec.template.metadata
  delete annotations[SECRETS_CHECKSUM]
  if (Object.keys(annotations).length === 0) delete copy.spec.template.metadata.annotations
  return copy
}

function withoutKeep(object: KubeObject): KubeObject {
  const { 'helm.sh/resource-policy': _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}
