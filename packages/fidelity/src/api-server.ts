import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** The longest annotation, in which plain `kubectl apply` keeps the whole object. */
const ANNOTATION_LIMIT = 262_144

/** What a real API server has against the objects of a folder; undefined when it takes them all, also from plain kubectl. */
export function refusedBy(
  kubeconfig: string,
  directory: string,
  kubectl: string = process.env.KUBECTL ?? 'kubectl',
): string | undefined {
  const manifests = readdirSync(directory).filter((name) => name.endsWith('.yaml'))
  if (manifests.length === 0) return undefined
  const args = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', directory]
  const { status, stderr } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) return stderr.trimEnd()
  const large = manifests.find((name) => {
    const object = parse(readFileSync(join(directory, name), 'utf8'))
    return Buffer.byteLength(JSON.stringify(object)) > ANNOTATION_LIMIT
  })
  return large === undefined ? undefined : `${large} is larger than plain kubectl apply takes`
}
