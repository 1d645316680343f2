import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { ServiceMount } from '../../facts/mounts/mounts.ts'
import { reason } from './reasons.ts'

/** A source that does not exist, or an empty directory: Docker mounts an empty directory. */
export function planMissing(
  conversion: Conversion,
  service: ServiceConversion,
  mounted: ServiceMount,
  source: string,
): void {
  const { mount, keys } = mounted
  service.plan.scratch.push({ target: mount.target, memory: false })
  const exists = conversion.files.stat(source) !== undefined
  if (!exists)
    warnMissing(
      conversion,
      service,
      mounted,
      source,
      mount.read_only === true
        ? 'create it'
        : 'create it, or use a named volume to keep its content',
    )
  service.add(keys, reason(exists ? 'empty-directory' : 'missing-source'))
}

/** Docker makes the directory, unless the project forbids it. */
export function warnMissing(
  conversion: Conversion,
  service: ServiceConversion,
  { mount, keys }: ServiceMount,
  source: string,
  hint: string,
): void {
  const forbidden = mount.bind?.create_host_path === false
  conversion.report({
    code: 'convert/bind-source-missing',
    severity: forbidden ? 'error' : 'warning',
    message: forbidden
      ? `${source} does not exist, and create_host_path is false`
      : `${source} does not exist: ${mount.target} is an empty directory`,
    path: service.at(...keys),
    hint,
  })
}
