import type { Service } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'

const CONDITIONS: Readonly<Record<string, string>> = {
  none: 'no',
  'on-failure': 'on-failure',
  any: 'always',
}

/** The restart policy that Compose gives a container: `restart`, else what `deploy.restart_policy` says. */
export function restartOf({ restart, deploy }: Service): string | undefined {
  const policy = deploy?.restart_policy as { condition?: string; max_attempts?: number } | undefined
  if (restart !== undefined || policy?.condition === undefined) return restart
  const condition = ownValue(CONDITIONS, policy.condition)
  return condition === 'on-failure' && policy.max_attempts !== undefined
    ? `on-failure:${policy.max_attempts}`
    : condition
}

/** The key that says it. */
export function restartKey({ restart, deploy }: Service): string[] | undefined {
  if (restart !== undefined) return ['restart']
  return deploy?.restart_policy === undefined ? undefined : ['deploy', 'restart_policy']
}

/** Whether a container with this policy starts again after exit code 0. */
export function keepsRestarting(restart: string | undefined): boolean {
  return restart === 'always' || restart === 'unless-stopped'
}
