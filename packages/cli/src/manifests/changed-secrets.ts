import { type KubeObject, RESTARTS_WITH_SECRETS_ANNOTATION, secretsOfPods } from '@landfall/kube'
import { withoutHeader } from './header.ts'
import type { Existing } from './plan-output.ts'
import { isSecret } from './write-output.ts'

/**
 * The names of Secrets whose content differs from what an earlier call wrote, of the files that are written now: `existing` before that.
 */
export function changedSecrets(
  existing: ReadonlyMap<string, Existing>,
  write: ReadonlyMap<string, string>,
): string[] {
  return [...write].flatMap(([file, text]) => {
    const now = existing.get(file)
    const old = secretsIn(now?.readable === true ? now.text : '')
    if (old.size === 0) return []
    const names = [...secretsIn(text)].filter(([name, fresh]) => {
      const before = old.get(name)
      return before !== undefined && before !== fresh
    })
    return names.map(([name]) => name)
  })
}

/**
 * What to do after `kubectl apply` of objects in which these Secrets have changed: nothing else of the objects depends on them (decision
 * 0018), so pods keep the old values. Undefined if no workload uses them.
 */
export function restartLine(
  objects: Iterable<KubeObject>,
  changed: readonly string[],
): string | undefined {
  const users = [...objects].filter((object) => {
    const others = object.metadata.annotations?.[RESTARTS_WITH_SECRETS_ANNOTATION]?.split(',') ?? []
    return [...secretsOfPods(object), ...others].some((name) => changed.includes(name))
  })
  const ids = users.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`).sort()
  const restarted = ids.filter((id) => /^(deployment|statefulset|daemonset)\//.test(id))
  const jobs = ids.filter((id) => id.startsWith('job/'))
  const steps = [
    ...(restarted.length === 0 ? [] : [`kubectl rollout restart ${restarted.join(' ')}`]),
    ...(jobs.length === 0 ? [] : [`kubectl delete ${jobs.join(' ')} before it`]),
  ]
  return steps.length === 0
    ? undefined
    : `secrets changed: after kubectl apply, pods use the old values until ${steps.join('; Jobs run again with ')} (\`landfall up\` does this itself)`
}

/** The manifests of the Secrets in a file, by name, without comments above them. */
function secretsIn(stream: string): Map<string, string> {
  return new Map(
    withoutHeader(stream)
      .split(/^---\n/m)
      .filter(isSecret)
      .map((text) => [nameOf(text), text.replace(/^#.*\n/gm, '')]),
  )
}

/** The name of an object as `toYaml` prints it. */
function nameOf(manifest: string): string {
  return /^ {2}name: "?(.*?)"?$/m.exec(manifest)?.[1] ?? ''
}
