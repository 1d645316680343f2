import {
  encodePath,
  filledFrom,
  type KubeObject,
  RESET_FILES_ANNOTATION,
  touchesTree,
} from '@landfall/kube'
import { objectKey } from '../release/inventory.ts'

/** Trees, or files in them, whose state in the project replaces what programs have changed in the volumes. */
export interface ResetFiles {
  /** Unique to this request: a volume remembers it, so that the reset happens once. */
  token: string
  /** As the Compose file writes the trees: `./config`, `./config/app.ini`. */
  paths: readonly string[]
}

/**
 * The objects with the resets on their pods: those of earlier deploys stay, because taking them away would make new pods. Pods of
 * Jobs cannot be changed, and have none.
 */
export function withResets(
  objects: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject>,
  { token, paths }: ResetFiles = { token: '', paths: [] },
): KubeObject[] {
  return objects.map((object) => {
    const trees = filledFrom(object)
    if (trees.length === 0 || object.kind === 'Job') return object
    const found = live.get(objectKey(object))
    const wanted = paths
      .filter((path) => trees.some((tree) => touchesTree(path, tree)))
      .map((path) => `${token} ${encodePath(path)}`)
    const lines = [...linesOf(found), ...wanted]
    // of one path the newest: it does what the others would
    const newest = new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line]))
    return newest.size === 0 ? object : withAnnotation(object, [...newest.values()].join('\n'))
  })
}

function linesOf(object: KubeObject | undefined): string[] {
  const text = object?.spec?.template?.metadata?.annotations?.[RESET_FILES_ANNOTATION]
  return typeof text === 'string' ? text.split('\n').filter(Boolean) : []
}

function withAnnotation(object: KubeObject, text: string): KubeObject {
  const { template } = object.spec
  const annotations = { ...template.metadata?.annotations, [RESET_FILES_ANNOTATION]: text }
  const metadata = { ...template.metadata, annotations }
  return { ...object, spec: { ...object.spec, template: { ...template, metadata } } }
}
