import { toPointer } from '@landfall/diagnostic'
import type { Derived, RoleId } from '@landfall/kube'
import { toDnsLabel } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'

const ANNOTATIONS = ['spec', 'template', 'metadata', 'annotations']

/** Checksums and other annotations of the guests' templates stand on the host's, under names of their own. */
export function moveDerived(
  { derived }: BundleDraft,
  host: WorkloadDraft,
  moved: ReadonlyMap<RoleId, WorkloadDraft>,
): void {
  const names = new Map<string, string>()
  for (const [role, guest] of moved)
    for (const [key, value] of Object.entries(guest.pod.metadata.annotations ?? {})) {
      const known = host.pod.metadata.annotations?.[key]
      const checksum = value === '' && known !== undefined
      const name = checksum ? besideName(key, guest.plan.name) : key
      names.set(`${role} ${pointerOf(key)}`, pointerOf(name))
      if (checksum || known === undefined) annotate(host.pod.metadata, name, value)
    }
  for (const value of derived) {
    for (const input of value.inputs) if (moved.has(input.object)) input.object = host.role
    for (const place of value.at) {
      if (!moved.has(place.object)) continue
      place.pointer = names.get(`${place.object} ${place.pointer}`) ?? place.pointer
      place.object = host.role
    }
  }
  removeSelfReferences(derived, host)
}

/** A template that would have to change when it changes itself: all its containers are new together anyway. */
function removeSelfReferences(derived: Derived[], host: WorkloadDraft): void {
  for (const value of [...derived]) {
    const [place] = value.at
    if (value.rule !== 'content-hash' || place?.object !== host.role) continue
    value.inputs = value.inputs.filter(
      ({ object, pointer }) => object !== host.role || !place.pointer.startsWith(pointer),
    )
    if (value.inputs.length > 0) continue
    derived.splice(derived.indexOf(value), 1)
    const { annotations = {}, ...metadata } = host.pod.metadata
    const rest = Object.entries(annotations).filter(([key]) => pointerOf(key) !== place.pointer)
    host.pod.metadata =
      rest.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(rest) }
  }
}

function besideName(key: string, guest: string): string {
  const [prefix, name] = key.split('/')
  return name === undefined
    ? toDnsLabel(`${key}-${guest}`)
    : `${prefix}/${toDnsLabel(`${name}-${guest}`)}`
}

function pointerOf(annotation: string): string {
  return toPointer([...ANNOTATIONS, annotation])
}
