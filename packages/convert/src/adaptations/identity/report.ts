import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** Reports what cannot be at a key of `identity`, or at another path, in landfall.yaml or the Compose file. */
export function reportIdentity(
  conversion: Conversion,
  service: ServiceConversion,
  keys: readonly string[],
  message: string,
  { hint, path }: { hint: string; path?: string },
): void {
  const own =
    service.settings.identity === undefined ? ['deploy', 'replicas'] : ['identity', ...keys]
  const place = path ?? service.at(...own)
  const at = spanOf(conversion.settingsOrigins, place)
  conversion.report({
    code: 'convert/wrong-identity',
    severity: 'error',
    message,
    path: place,
    hint,
    ...(at === undefined ? {} : { at }),
  })
}
