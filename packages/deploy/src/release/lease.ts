import { type KubeObject, type ObjectReference, StatusError, toDnsLabel } from '@landfall/kube'
import type { ReleaseReference } from './release.ts'

/** A holder that has not renewed its Lease for so long has ended, or cannot reach the cluster. */
export const LEASE_SECONDS = 20

/** On the Lease: what its holder does. */
export const COMMAND_ANNOTATION = 'landfall.dev/command'

/** The Lease that one command at a time holds while it changes a release. */
export function leaseReference({ release, namespace }: ReleaseReference): ObjectReference {
  const name = toDnsLabel(`landfall-release-${release}`)
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name, namespace }
}

/** `landfall up of anna@laptop (since 2026-01-31T10:00:00Z)` */
export function describeHolder({ metadata, spec }: KubeObject): string {
  const command = metadata.annotations?.[COMMAND_ANNOTATION] ?? 'up'
  const who = String(spec.holderIdentity).split('/')[0]
  const since = /^[^.Z]+/.exec(spec.acquireTime ?? '')?.[0]
  return `landfall ${command} of ${who}${since === undefined ? '' : ` (since ${since}Z)`}`
}

/** Whether a Lease has a holder that is at work, as far as its times and `hasEnded` show. `serverTime` is that of the API server. */
export function isHeld(
  lease: KubeObject | undefined,
  serverTime: number | undefined,
  hasEnded: ((identity: string) => boolean) | undefined,
): boolean {
  const { holderIdentity, leaseDurationSeconds = LEASE_SECONDS, renewTime } = lease?.spec ?? {}
  if (!holderIdentity || hasEnded?.(holderIdentity) === true) return false
  // the server's time is exact to a second
  const lastsMs = leaseDurationSeconds * 1_000 + 2_000
  return serverTime === undefined || !(serverTime - Date.parse(renewTime) > lastsMs)
}

/** Another command has taken over the release, because this one did not renew its Lease in time. */
export class TakenOverError extends Error {
  /** There is no Lease any more: the namespace was deleted, or another command has deleted the release. */
  readonly isGone: boolean

  constructor(lease: KubeObject | undefined) {
    super(
      lease === undefined || !lease.spec?.holderIdentity
        ? 'another command has changed the release in the meantime; nothing more was written'
        : `${describeHolder(lease)} has taken over the release, because this command could not renew its Lease for ${LEASE_SECONDS} s; nothing more was written`,
    )
    this.name = 'TakenOverError'
    this.isGone = lease === undefined
  }
}

/** The account may not read or write Leases: without one, two commands at once would leave a mixture. Nothing was changed. */
export class LeaseForbiddenError extends Error {
  /** `lease/landfall-release-shop` */
  readonly object: string
  /** How an administrator gives the right. */
  readonly hint: string

  constructor({ name, namespace }: ObjectReference, { message }: StatusError) {
    super(message)
    this.name = 'LeaseForbiddenError'
    this.object = `lease/${name}`
    const user = /User "([\w.:@-]+)"/.exec(message)?.[1] ?? 'USER'
    this.hint = `a Lease prevents that two commands change a release at once; an administrator gives the right with \`kubectl create role landfall-lease -n ${namespace} --verb=get,create,patch,delete --resource=leases.coordination.k8s.io && kubectl create rolebinding landfall-lease -n ${namespace} --role=landfall-lease --user=${user}\``
  }

  /** The error of a request for a Lease, as this one if it is one. */
  static from(lease: ObjectReference, error: unknown): unknown {
    const isAboutLeases =
      error instanceof StatusError &&
      error.status.reason === 'Forbidden' &&
      /\bcannot \w+ resource "leases"/.test(error.message)
    return isAboutLeases ? new LeaseForbiddenError(lease, error) : error
  }
}

/** A time as in a Lease, by the clock of the API server: machines do not agree. */
export function microTime(serverTime: number | undefined): string {
  return new Date(serverTime ?? Date.now()).toISOString().replace('Z', '000Z')
}
