import { fromPointer, toPointer, valueAt } from '@landfall/diagnostic'
import { type Bundle, isEmpty, type KubeObject, type RoleId } from '@landfall/kube'
import { templateOf } from './fill-in.ts'
import { type Marked, type Marking, put } from './marks.ts'

/** The names of templates that print derived values, in the order of these. */
export function derivedNames(chart: string, { derived }: Bundle): string[] {
  const taken = new Set<string>()
  return derived.map(({ rule, base, at }) => {
    const [place] = at
    const object = place?.object.replace('/', '-') ?? ''
    const wanted = rule === 'name-hash' ? `${chart}.name.${base}` : `${chart}.checksum.${object}`
    let free = wanted
    for (let number = 2; taken.has(free); number++) free = `${wanted}.${number}`
    taken.add(free)
    return free
  })
}

/** A part of an object that is a named template of its own, because a hash reads it. */
interface Shared {
  pointer: string
  template: string
}

/** The hashes of a chart. */
export interface Hashes {
  /** The parts of an object that are named templates of its file. */
  sharedOf(role: RoleId): readonly Shared[]
  /** The named templates that print derived values. */
  helpers: string
}

/**
 * The derived values as templates: the rules of `resolveBundle`, over what the templates print (decision 0010). What a hash reads of an object is a
 * named template in the file of the object, unless something in it is only derived later.
 */
export function hashTemplates(
  chart: string,
  bundle: Bundle,
  marking: Marking,
  names: readonly string[],
): Hashes {
  const objects = allObjects(bundle)
  const shared = sharedParts(chart, bundle.derived, objects, marking)
  const helpers = bundle.derived.map(({ rule, base, inputs }, number) => {
    const own: string[] = []
    const read = inputs.map(({ object: role, pointer }, index) => {
      const part = shared.get(role)?.find((one) => one.pointer === pointer)
      if (part !== undefined) return `(include "${part.template}" . | printf "%s\\n" | fromYaml)`
      const object = objects.get(role)
      if (object === undefined) throw new Error(`no object ${role} in the bundle`)
      const marked = marking.mark(role, object, number)
      const value = valueAt(marked.object, pointer)
      if (value === undefined) return '(dict).value'
      const template = `${names[number]}.input-${index}`
      own.push(define(template, templateOf({ value }, marked.marks)))
      return `(include "${template}" . | printf "%s\\n" | fromYaml).value`
    })
    const hash = `{{ list ${read.join(' ')} | toJson | sha256sum | trunc 10 }}`
    const text = rule === 'name-hash' ? `${base}-${hash}` : hash
    return [...own, define(names[number] as string, text)].join('')
  })
  return { sharedOf: (role) => shared.get(role) ?? [], helpers: helpers.join('') }
}

/** A named template; blank lines around its text are not part of it. */
export function define(name: string, text: string): string {
  return `{{- define "${name}" -}}\n${text.replace(/\n$/, '')}\n{{- end }}\n`
}

/** The objects of a bundle and those of its switches. */
export function allObjects({ objects, switches }: Bundle): Map<RoleId, KubeObject> {
  return new Map([...objects, ...switches.flatMap((one) => [...one.objects])])
}

function sharedParts(
  chart: string,
  derived: Bundle['derived'],
  objects: ReadonlyMap<RoleId, KubeObject>,
  marking: Marking,
): Map<RoleId, Shared[]> {
  const first = new Map<string, { role: RoleId; pointer: string; number: number }>()
  for (const [number, { inputs }] of derived.entries())
    for (const { object: role, pointer } of inputs)
      if (!first.has(`${role}#${pointer}`))
        first.set(`${role}#${pointer}`, { role, pointer, number })
  const shared = new Map<RoleId, Shared[]>()
  for (const { role, pointer, number } of first.values()) {
    const value = valueAt(objects.get(role), pointer)
    const isMapping = typeof value === 'object' && !Array.isArray(value) && !isEmpty(value)
    const known = shared.get(role) ?? []
    const overlaps = known.some(
      (one) => one.pointer.startsWith(`${pointer}/`) || pointer.startsWith(`${one.pointer}/`),
    )
    const isLater = marking.derivedBelow(role, pointer).some((one) => one >= number)
    if (!isMapping || overlaps || isLater) continue
    const template = [chart, role.replace('/', '-'), ...fromPointer(pointer)].join('.')
    shared.set(role, [...known, { pointer, template }])
  }
  return shared
}

/** Takes the shared parts out of a marked object: it includes them. Returns them with their paths. */
export function takeShared(
  marked: Marked,
  shared: readonly Shared[],
): { template: string; path: string[]; value: unknown }[] {
  return shared.map(({ pointer, template }) => {
    const value = valueAt(marked.object, pointer)
    const path = fromPointer(pointer)
    const parent = valueAt(marked.object, toPointer(path.slice(0, -1))) as Record<string, unknown>
    parent[path.at(-1) as string] = put(marked, { kind: 'include', template })
    return { template, path, value }
  })
}
