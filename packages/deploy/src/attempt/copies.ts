import { type KubeObject, readFillSteps } from '@landfall/kube'

/**
 * The objects, whose pods wait for the copies of trees that the pods of now wait for: a tree that was copied through the API is not in the
 * history, and an older copy of it never comes.
 */
export function withCopiesThatAreThere(
  objects: readonly KubeObject[],
  live: readonly KubeObject[],
  isThere: (tree: string) => boolean,
): KubeObject[] {
  const digests = new Map<string, string>()
  for (const { id, digest, shown } of live.flatMap(stepsOf))
    if (digest !== undefined && isThere(shown)) digests.set(id, digest)
  const replaced = new Map<string, string>()
  for (const { id, digest } of objects.flatMap(stepsOf)) {
    const now = digests.get(id)
    if (digest !== undefined && now !== undefined && now !== digest) replaced.set(digest, now)
  }
  if (replaced.size === 0) return [...objects]
  return objects.map((object) => {
    const { template } = object.spec ?? {}
    if (stepsOf(object).length === 0) return object
    const initContainers = template.spec.initContainers.map((container: { command?: string[] }) =>
      readFillSteps(container).length === 0
        ? container
        : {
            ...container,
            command: container.command?.map((word: string) => replaced.get(word) ?? word),
          },
    )
    const spec = { ...template.spec, initContainers }
    return { ...object, spec: { ...object.spec, template: { ...template, spec } } }
  })
}

function stepsOf({ spec }: KubeObject) {
  const containers: { command?: string[] }[] = spec?.template?.spec?.initContainers ?? []
  return containers.flatMap((container) => readFillSteps(container))
}
