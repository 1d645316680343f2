import { join } from 'node:path'
import { type KubeObject, RESTARTS_WITH_SECRETS_ANNOTATION, secretsOfPods } from '@landfall/kube'
import { readBounded } from '@landfall/local-cluster/read-bounded'
import type { Destination } from './destination.ts'
import { isSecret } from './write-directory.ts'

/** Bytes of manifests that are compared: one has less than 2 MiB. */
const LARGEST = { one: 2 * 1024 * 1024, all: 64 * 1024 * 1024 }

/**
 * The names of Secrets whose content differs from what an earlier call wrote to the same place. Call it before the manifests are
 * written.
 */
export function changedSecrets(
  destination: Destination,
  manifests: ReadonlyMap<string, string>,
): string[] {
  if (destination.kind === 'stdout') return []
  const { kind, path } = destination
  const secrets = [...manifests].filter(([, text]) => isSecret(text))
  if (secrets.length === 0) return []
  const stream = kind === 'file' ? secretsIn(textAt(path, LARGEST.all)) : new Map<string, string>()
  return secrets.flatMap(([file, text]) => {
    const name = nameOf(text)
    const old = kind === 'file' ? stream.get(name) : textAt(join(path, file), LARGEST.one)
    return old === undefined || old === text || nameOf(old) !== name ? [] : [name]
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

function textAt(path: string, limit: number): string | undefined {
  const read = readBounded(path, limit)
  return read.ok ? read.text : undefined
}

function secretsIn(stream = ''): Map<string, string> {
  return new Map(
    stream
      .split(/^---\n/m)
      .filter(isSecret)
      .map((text) => [nameOf(text), text]),
  )
}

/** The name of an object as `toYaml` prints it. */
function nameOf(manifest: string): string {
  return /^ {2}name: "?(.*?)"?$/m.exec(manifest)?.[1] ?? ''
}
