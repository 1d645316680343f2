import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Bind } from '../../facts/binds/bind.ts'
import { reason } from './reasons.ts'

/** A source that does not exist, or an empty directory: Docker mounts an empty directory. */
export function planMissing(
  { files }: Conversion,
  service: ServiceConversion,
  { mounted, source, written }: Bind,
): void {
  service.plan.scratch.push({
    target: mounted.mount.target,
    memory: false,
    ...(written ? {} : { readOnly: true }),
  })
  service.add(
    mounted.keys,
    reason(files.stat(source) === undefined ? 'missing-source' : 'empty-directory'),
  )
}
