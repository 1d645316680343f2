import type { Failure, Verdict } from '@landfall/deploy'
import { formatSpan, type Sources, type Span } from '@landfall/diagnostic'
import { objectId } from '@landfall/kube'
import { type Manifest, nameOf, type Path } from './manifest.ts'

/** Fields of a container that decide what a failure is about, the first that is there. */
const OF_CONTAINER: Partial<Record<NonNullable<Failure['about']>, readonly Path[]>> = {
  command: [['command'], ['args']],
  cpu: [['resources']],
  healthcheck: [['readinessProbe'], ['startupProbe'], ['livenessProbe']],
  image: [['image']],
  memory: [['resources']],
  ports: [['ports']],
  volumes: [['volumeMounts']],
}

const OF_POD: Partial<Record<NonNullable<Failure['about']>, readonly Path[]>> = {
  claim: [['volumes']],
  placement: [['nodeSelector'], ['affinity'], ['tolerations']],
  volumes: [['volumes']],
}

/** The place in manifests that a failure is about; undefined where they do not have the object. */
export function placeIn(
  manifests: readonly Manifest[],
): (failure: Pick<Failure, 'object' | 'container' | 'about'>) => Span | undefined {
  const byId = new Map(manifests.map((manifest) => [objectId(manifest.object), manifest]))
  return ({ object, container, about }) => {
    const manifest = byId.get(object)
    if (manifest === undefined) return undefined
    const { spec } = manifest.object
    const pod = ['spec', 'template', 'spec']
    const containers = ['initContainers', 'containers'].flatMap((list) =>
      ((spec?.template?.spec?.[list] ?? []) as { name?: string }[]).map((one, index) => ({
        one,
        path: [...pod, list, index] as Path,
      })),
    )
    const named = containers.find(({ one }) => one.name === container)
    const found = named ?? (containers.length === 1 ? containers[0] : undefined)
    const inContainer = about === undefined || found === undefined ? [] : OF_CONTAINER[about]
    const field = (inContainer ?? []).find(([key]) => (key as string) in (found?.one ?? {}))
    if (found !== undefined && field !== undefined) return manifest.at([...found.path, ...field])
    const ofPod = about === undefined ? [] : OF_POD[about]
    const shared = (ofPod ?? []).find(([key]) => (key as string) in (spec?.template?.spec ?? {}))
    if (shared !== undefined) return manifest.at([...pod, ...shared])
    return found === undefined ? nameOf(manifest) : manifest.at([...found.path, 'name'])
  }
}

/** A failure with the line of the manifest that it is about, for programs and for the history. */
export function withLine(
  failure: Failure,
  place: (failure: Failure) => Span | undefined,
  sources: Sources,
): Failure {
  const span = place(failure)
  return span === undefined ? failure : { ...failure, at: formatSpan(span, sources) }
}

/** A verdict whose failures have their lines. */
export function verdictWithLines(verdict: Verdict, line: (failure: Failure) => Failure): Verdict {
  const { failure, back } = verdict
  return {
    ...verdict,
    ...(failure && { failure: line(failure) }),
    ...(back?.failure && { back: { ...back, failure: line(back.failure) } }),
  }
}
