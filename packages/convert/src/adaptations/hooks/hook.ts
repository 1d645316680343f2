import type { ServiceConversion } from '../../conversion.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** One command that Compose runs in a container that is there already. */
export interface Hook {
  command: string[]
  user?: string
  privileged: boolean
  directory?: string
  environment: [name: string, value: string][]
}

export function hooksOf(value: unknown): Hook[] {
  return Array.isArray(value) ? value.map(hookOf) : []
}

function hookOf(value: Record<string, unknown>): Hook {
  const { command, user, privileged, working_dir, environment } = value
  return {
    command: Array.isArray(command) ? command.map(String) : [],
    ...(typeof user === 'string' ? { user } : {}),
    privileged: privileged === true,
    ...(typeof working_dir === 'string' ? { directory: working_dir } : {}),
    environment: Object.entries((environment ?? {}) as Record<string, unknown>).map(
      ([name, variable]) => [name, String(variable ?? '')],
    ),
  }
}

/** Why a pod cannot run a hook: it runs there as the container does, with its user and privileges. */
export function whyImpossible(service: ServiceConversion, hook: Hook): Reason | undefined {
  const { compose } = service
  if (hook.command.length === 0) return reason('no-command')
  if (hook.user !== undefined && nameOf(hook.user) !== userOf(service))
    return reason('other-user', { user: hook.user })
  return hook.privileged && compose.privileged !== true ? reason('privileged') : undefined
}

/** Who the program runs as; undefined where only an image says it that is not known. */
function userOf({ compose, image }: ServiceConversion): string | undefined {
  const ofImage = image.facts.user ?? (image.unknown === undefined ? 'root' : undefined)
  const user = compose.user ?? ofImage
  return user === undefined ? undefined : nameOf(user)
}

function nameOf(user: string): string {
  return /^(0|root|)(:(0|root|))?$/.test(user) ? 'root' : user
}

/** The hook as a command of a shell. */
export function scriptOf({ command, directory, environment }: Hook): string {
  const words = command.map(quote).join(' ')
  const variables = environment.map(([name, value]) => `${name}=${quote(value)} `).join('')
  return directory === undefined
    ? `${variables}${words}`
    : `(cd ${quote(directory)} && ${variables}${words})`
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
