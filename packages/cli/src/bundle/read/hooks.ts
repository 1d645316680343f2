import { type BundleReport, type Manifest, nameOf } from '../manifest.ts'

const HOOK = 'helm.sh/hook'

/** Hooks that `helm install` and `helm upgrade` do not run. */
const ELSEWHERE = new Set([
  'test',
  'test-success',
  'test-failure',
  'pre-delete',
  'post-delete',
  'pre-rollback',
  'post-rollback',
])

/**
 * The objects without those of hooks that helm runs at other times: tests, deletion, rollback; a note names them. A hook of an installation
 * or an upgrade is an error: helm orders it in the client, and an object of a release is in the cluster at once, with all others.
 */
export function withoutHooks(manifests: readonly Manifest[], report: BundleReport): Manifest[] {
  return manifests.filter((manifest) => {
    const { kind, metadata } = manifest.object
    const hook = metadata.annotations?.[HOOK]
    if (hook === undefined) return true
    const at = manifest.at(['metadata', 'annotations', HOOK])
    const hooks = String(hook)
      .split(',')
      .map((one) => one.trim())
    const others = hooks.filter((one) => !ELSEWHERE.has(one))
    const what = `${kind} ${metadata.name}`
    if (others.length === 0)
      report({
        code: 'cli/chart-hook',
        severity: 'note',
        message: `${what} is left out: helm runs it at ${hooks.join(', ')}, not when it deploys`,
        path: '',
        at: nameOf(manifest),
      })
    else
      report({
        code: 'cli/chart-hook',
        severity: 'error',
        message: `${what} is a hook (${others.join(', ')}): only helm can run it at the right time`,
        path: '',
        at,
        hint: 'turn it off in the values of the chart, or deploy the chart with helm',
      })
    return false
  })
}
