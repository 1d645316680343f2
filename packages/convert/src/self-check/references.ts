import { IN_EVERY_NAMESPACE, POD_INDEX_LABEL } from '@landfall/kube'
import type { Finding, Rule } from './finding.ts'
import { containersIn, type TemplateIn, templatesOf } from './pods.ts'

/** Everything that a pod, a Service or a RoleBinding names is one of the objects, or is there already. */
export const referenceRule: Rule = (objects) => {
  const { all, outside } = objects
  const known = new Set(
    [...all.values()].map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`),
  )
  const templates = templatesOf(objects)
  const missing = templates.flatMap((found) =>
    referencesOf(found)
      .filter((id) => !known.has(id) && !outside.has(id) && !IN_EVERY_NAMESPACE.has(id))
      .map((id): Finding => ({ object: found.object, at: found.at, message: `there is no ${id}` })),
  )
  const bindings = [...all].flatMap(([role, { kind, roleRef, subjects = [] }]) =>
    kind === 'RoleBinding'
      ? [
          `role/${roleRef.name}`,
          ...subjects.map(({ name }: { name: string }) => `serviceaccount/${name}`),
        ]
          .filter((id) => !known.has(id) && !outside.has(id))
          .map((id): Finding => ({ object: role, at: '/subjects', message: `there is no ${id}` }))
      : [],
  )
  return [...missing, ...bindings, ...selectors(objects, templates)]
}

function referencesOf({ template }: TemplateIn): string[] {
  const { spec } = template
  const account = spec.serviceAccountName
  return [
    // every namespace has this one
    ...(account === undefined || account === 'default' ? [] : [`serviceaccount/${account}`]),
    ...(spec.volumes ?? []).flatMap((volume) => [
      ...sourceOf(volume),
      ...((volume.projected as { sources?: object[] } | undefined)?.sources ?? []).flatMap(
        sourceOf,
      ),
    ]),
    ...containersIn(template).flatMap(({ container }) =>
      (container.env ?? []).flatMap(({ valueFrom }) => [
        ...named('configmap', valueFrom?.configMapKeyRef),
        ...named('secret', valueFrom?.secretKeyRef),
      ]),
    ),
  ]
}

function sourceOf(source: object): string[] {
  const { configMap, secret, persistentVolumeClaim } = source as Record<string, unknown>
  return [
    ...named('configmap', configMap),
    ...named('secret', secret),
    ...named('persistentvolumeclaim', persistentVolumeClaim),
  ]
}

function named(kind: string, reference: unknown): string[] {
  if (reference === undefined) return []
  const { name, secretName, claimName, optional } = reference as Record<string, unknown>
  return optional === true ? [] : [`${kind}/${name ?? secretName ?? claimName}`]
}

/** A workload selects the pods that it makes, a Service the pods of a workload. */
function selectors({ all }: Parameters<Rule>[0], templates: readonly TemplateIn[]): Finding[] {
  const matches = (selector: Record<string, string>, { template, owner }: TemplateIn) =>
    Object.entries(selector).every(
      ([key, value]) =>
        template.metadata.labels[key] === value ||
        // the controller gives each pod its number
        (owner.kind === 'StatefulSet' && key === POD_INDEX_LABEL),
    )
  const byName = new Map<string | undefined, TemplateIn[]>()
  for (const found of templates) {
    const name = found.template.metadata.labels[NAME]
    byName.set(name, [...(byName.get(name) ?? []), found])
  }
  const own = templates.flatMap((found): Finding[] => {
    const selector = found.owner.spec?.selector?.matchLabels
    return selector === undefined || matches(selector, found)
      ? []
      : [{ object: found.object, at: '/spec/selector', message: 'it does not select its own pods' }]
  })
  const services = [...all].flatMap(([role, { kind, spec }]): Finding[] => {
    if (kind !== 'Service' || spec.selector === undefined) return []
    const candidates =
      spec.selector[NAME] === undefined ? templates : byName.get(spec.selector[NAME])
    return candidates?.some((found) => matches(spec.selector, found)) === true
      ? []
      : [{ object: role, at: '/spec/selector', message: 'it selects no pod' }]
  })
  return [...own, ...services]
}

const NAME = 'app.kubernetes.io/name'
