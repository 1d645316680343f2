import {
  COPY_NAME_ANNOTATION,
  COPY_PORTS_ANNOTATION,
  canonicalJson,
  DECLARED_COPIES_ANNOTATION,
  type KubeObject,
  POD_INDEX_LABEL,
  PUBLISHED_ANNOTATION,
} from '@landfall/kube'

/** The number of the copy of a StatefulSet that a Service leads to; undefined for a Service of something else. */
export function numberIn({ kind, spec }: KubeObject, workload: KubeObject): number | undefined {
  if (kind !== 'Service' || workload.kind !== 'StatefulSet') return undefined
  const { [POD_INDEX_LABEL]: index, ...labels } = spec?.selector ?? {}
  const selector = workload.spec?.selector?.matchLabels
  const isOwn = index !== undefined && canonicalJson(labels) === canonicalJson(selector)
  return isOwn ? Number(index) : undefined
}

/**
 * What a StatefulSet needs for a number of copies: Services for copies that have none, made from those of the first copy, and those that were
 * made in this way and have no copy.
 */
export function copyServices(
  objects: readonly KubeObject[],
  workload: KubeObject,
  copies: number,
  declared: number,
): { added: KubeObject[]; gone: KubeObject[] } {
  const own = objects.flatMap((service) => {
    const number = numberIn(service, workload)
    const pattern = service.metadata.annotations?.[COPY_NAME_ANNOTATION]
    return number === undefined || pattern === undefined ? [] : [{ service, number, pattern }]
  })
  const first: number = workload.spec?.ordinals?.start ?? 0
  const models = own.filter(({ number }) => number === first)
  const there = new Set(own.map(({ service }) => service.metadata.name))
  const numbers = Array.from({ length: copies }, (_, index) => first + index)
  const added = numbers.flatMap((number) =>
    models
      .map(({ service, pattern }) => serviceFor(service, pattern, first, number, declared))
      .filter(({ metadata }) => !there.has(metadata.name)),
  )
  const gone = own
    .filter(
      ({ service, number }) =>
        number >= first + copies &&
        service.metadata.annotations?.[DECLARED_COPIES_ANNOTATION] !== undefined,
    )
    .map(({ service }) => service)
  return { added, gone }
}

/** The Service of another copy. */
function serviceFor(
  { apiVersion, kind, metadata, spec }: KubeObject,
  pattern: string,
  first: number,
  number: number,
  declared: number,
): KubeObject {
  const { [COPY_PORTS_ANNOTATION]: listed = '', [PUBLISHED_ANNOTATION]: published } =
    metadata.annotations ?? {}
  const own = new Set(
    listed
      .split(',')
      .filter(Boolean)
      .map((port) => Number.parseInt(port, 10) + first),
  )
  const moved = (port: number): number => (own.has(port) ? port + number - first : port)
  const renamed = (text: string): string =>
    text.replace(/\d+/g, (port) => String(moved(Number(port))))
  return {
    apiVersion,
    kind,
    metadata: {
      name: pattern.replace('{{identity}}', String(number)),
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: {
        ...metadata.annotations,
        [DECLARED_COPIES_ANNOTATION]: String(declared),
        ...(published !== undefined && { [PUBLISHED_ANNOTATION]: renamed(published) }),
      },
    },
    spec: {
      ...spec,
      selector: { ...spec.selector, [POD_INDEX_LABEL]: String(number) },
      ...(spec.ports && {
        ports: spec.ports.map((port: Record<string, unknown>) => ({
          ...port,
          name: renamed(String(port.name)),
          port: moved(port.port as number),
          targetPort: moved(port.targetPort as number),
          ...(port.nodePort !== undefined && { nodePort: moved(port.nodePort as number) }),
        })),
      }),
    },
  }
}
