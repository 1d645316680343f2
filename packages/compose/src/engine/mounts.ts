import { cleanPath } from '../canonical/mount.ts'
import type { Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'

/** Where volumes and tmpfs are mounted, and the security options that Docker Compose reads itself. */
export const mountRules: ServiceRule = (service) => [
  ...(service.volumes ?? []).map(({ target, type }, index) =>
    type === 'npipe' ? undefined : targetRule(target, pointerTo('/volumes', index)),
  ),
  ...(service.tmpfs ?? []).map((entry, index) =>
    targetRule(entry.split(':', 1)[0] ?? '', pointerTo('/tmpfs', index)),
  ),
  ...securityOptions(service).map(
    (option, index) =>
      !/[=:]/.test(option) &&
      option !== 'no-new-privileges' && {
        path: pointerTo('/security_opt', index),
        message: `invalid security-opt: "${option}"`,
        hint: 'Write "key=value", or "no-new-privileges".',
      },
  ),
]

function securityOptions(service: Service): readonly string[] {
  const options = service.security_opt
  return Array.isArray(options) ? options.filter((option) => typeof option === 'string') : []
}

function targetRule(target: string, path: string): Finding | undefined {
  const slashed = target.replaceAll('\\', '/')
  if (slashed.startsWith('/') && cleanPath(slashed) === '/')
    return { path, message: "invalid mount: destination can't be '/'" }
  if (slashed.startsWith('/')) return undefined
  return {
    path,
    message: `invalid mount path: '${target}' mount path must be absolute`,
    hint: /^[A-Za-z]:/.test(target)
      ? 'One letter before a colon is read as a drive of Windows: give the volume a longer name.'
      : `A mount is in the container: write "/${slashed.replace(/^\.?\/*/, '')}".`,
  }
}
