import { type KubeObject, objectId } from '@landfall/kube'
import type { PlannedOperation } from '../events.ts'

/** What an attempt did that going back does not undo, as sentences. */
export function whatLasts(
  operations: readonly PlannedOperation[],
  objects: readonly KubeObject[],
): string[] {
  const wrote = new Map(operations.map(({ object, verb }) => [object, verb]))
  const made = (object: KubeObject) =>
    ['create', 'replace'].includes(wrote.get(objectId(object)) ?? '')
  const jobs = objects.filter((object) => object.kind === 'Job' && made(object)).map(objectId)
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim')
  const grown = claims.filter((claim) => wrote.get(objectId(claim)) === 'update').map(objectId)
  const writers = objects
    .filter((object) => made(object) || wrote.get(objectId(object)) === 'update')
    .filter((object) => claimsOf(object).length > 0)
    .map(objectId)
  return [
    ...(jobs.length > 0 ? [`${jobs.join(', ')} may have run: what it did stays`] : []),
    ...(claims.some(made)
      ? [`${claims.filter(made).map(objectId).join(', ')} was created and stays`]
      : []),
    ...(grown.length > 0 ? [`${grown.join(', ')} was changed and stays as it is`] : []),
    ...(writers.length > 0
      ? [`what the new version of ${writers.join(', ')} wrote into its volumes stays`]
      : []),
  ]
}

function claimsOf({ spec }: KubeObject): unknown[] {
  const volumes: { persistentVolumeClaim?: unknown }[] = spec?.template?.spec?.volumes ?? []
  return volumes.filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
}
