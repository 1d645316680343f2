import { type Bundle, type KubeObject, type RoleId, SOURCE_ANNOTATION } from '@landfall/kube'
import type { Ledger } from '../ledger/ledger.ts'
import type { Plan, PodPlan } from '../plan/plan.ts'
import { type CommentDraft, entryLine, type OpenEntries } from './comment-draft.ts'
import { commentPod } from './pod-comments.ts'

/** Lines of comments by the JSON Pointer of the field above which they are printed; '' is the top of the object. */
export type ObjectComments = ReadonlyMap<string, readonly string[]>

/** Keys whose entries explain no field of an object: networks have no object, builds are done before. */
const ELSEWHERE = /^\/services\/[^/]+\/(?:networks|build|image)(?:\/|$)/

/**
 * Why objects are as they are, where a reader would wonder: the reasons of the plan at the fields that they decide, and of keys that became
 * something else, or nothing, at the top of the object of their service or volume. `printed` takes secrets out of a line.
 */
export function commentsOn(
  bundle: Bundle,
  { plan, ledger }: { plan: Plan; ledger: Ledger },
  printed: (line: string) => string,
): Map<RoleId, ObjectComments> {
  const comments = new Map<RoleId, Map<string, string[]>>()
  const entries = openEntries(ledger)
  const draftOf = (role: RoleId, object: KubeObject): CommentDraft => ({
    object,
    at(pointer, line) {
      if (!has(object, pointer)) return false
      const own = comments.get(role) ?? new Map<string, string[]>()
      comments.set(role, own)
      const key = pointer.join('/')
      own.set(key, [...(own.get(key) ?? []), oneLine(printed(line))])
      return true
    },
  })
  const pods = new Map(plan.pods.map((pod) => [roleOf(pod), pod]))
  for (const [role, object] of bundle.objects)
    if (!pods.has(role)) commentOther(draftOf(role, object), entries)
  for (const [role, pod] of pods) {
    const object = bundle.objects.get(role)
    if (object !== undefined) commentPod(draftOf(role, object), pod, plan, entries)
  }
  return comments
}

function roleOf({ kind, name }: PodPlan): RoleId {
  return `${kind.toLowerCase()}/${name}`
}

/** What publishes a service has the reasons of its ports, what belongs to a volume or a file those of that. */
function commentOther(draft: CommentDraft, entries: OpenEntries): void {
  const { kind, metadata, spec } = draft.object
  const [, path = ''] = (metadata.annotations?.[SOURCE_ANNOTATION] ?? '').split('#')
  const publishes =
    kind === 'Ingress' ||
    kind === 'HTTPRoute' ||
    (kind === 'Service' && (spec?.type === 'NodePort' || spec?.type === 'LoadBalancer'))
  const about = publishes ? `${path}/ports` : /^\/(?:volumes|secrets|configs)\//.test(path) && path
  if (about) for (const entry of entries.takeBelow(about)) draft.at([], entryLine(entry))
}

function openEntries(ledger: Ledger): OpenEntries {
  const open = new Map(
    ledger
      .filter(({ outcome }) => outcome !== 'kept' && outcome !== 'ignored')
      .filter(({ path }) => !ELSEWHERE.test(path))
      .map((entry) => [entry.path, entry]),
  )
  const take = (path: string) => {
    const entry = open.get(path)
    open.delete(path)
    return entry
  }
  return {
    take,
    takeBelow: (path) =>
      [...open.keys()]
        .filter((one) => one === path || one.startsWith(`${path}/`))
        .flatMap((one) => take(one) ?? []),
  }
}

function has(value: unknown, pointer: readonly (string | number)[]): boolean {
  let at = value
  for (const key of pointer) at = (at as Record<string | number, unknown> | undefined)?.[key]
  return at !== undefined
}

/** A line that no YAML reader divides: without line breaks of any kind, and what a terminal or an editor obeys. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
