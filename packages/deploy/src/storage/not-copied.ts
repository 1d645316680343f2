import { isRefusal } from '@landfall/kube'
import type { Failure } from '../events.ts'
import type { CopyError } from './copy-trees.ts'

/** The verdict for a tree that could not be copied: which right is missing, or what to do. */
export function notCopied(
  { message, cause, upload: { claim, shown } }: CopyError,
  namespace: string,
): Failure {
  const failure = { object: `persistentvolumeclaim/${claim}`, message: `${shown}: ${message}` }
  return isRefusal(cause, 'Forbidden')
    ? {
        ...failure,
        code: 'deploy/forbidden',
        reason: 'Forbidden',
        hint: `to copy ${shown}, your account needs the verbs get and create for pods/exec in namespace ${namespace} (kubectl create role copy --verb=get,create --resource=pods/exec), or copy it as docs/storage.md shows`,
      }
    : {
        ...failure,
        code: 'deploy/tree-not-copied',
        reason: 'not copied',
        hint: 'run landfall up again: it continues with the files that are missing',
      }
}
