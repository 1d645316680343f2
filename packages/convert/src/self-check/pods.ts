import type { KubeObject } from '@landfall/kube'
import type { Container, PodTemplate } from '../objects/pod.ts'
import type { Objects } from './finding.ts'

/** The pod template of a workload, and where it stands in its object. */
export interface TemplateIn {
  object: string
  kind: string
  owner: KubeObject
  at: string
  template: PodTemplate
}

/** Every pod template of the objects. */
export function templatesOf({ all }: Objects): TemplateIn[] {
  return [...all].flatMap(([role, object]) => {
    const isCron = object.kind === 'CronJob'
    const template = isCron ? object.spec?.jobTemplate?.spec?.template : object.spec?.template
    if (template?.spec?.containers === undefined) return []
    const at = isCron ? '/spec/jobTemplate/spec/template' : '/spec/template'
    return [{ object: role, kind: object.kind, owner: object, at, template }]
  })
}

/** The containers of a pod with where they stand in it. */
export function containersIn({ spec }: PodTemplate): { at: string; container: Container }[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ at: `/spec/${list}/${index}`, container })),
  )
}
