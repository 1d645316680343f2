import type { ConvertCode } from '../codes.ts'
import type { Conversion, ServiceConversion } from '../conversion.ts'
import { knownSecretsOf } from './known.ts'
import { type ExposedSecret, exposedSecrets, secretsInBuild } from './places.ts'

/** Reports secrets that are in none of the places from which they go into Secrets, in one line for each service; never their values. */
export function reportExposedSecrets(conversion: Conversion): void {
  const { services, report } = conversion
  const known = knownSecretsOf(conversion)
  const tell = (
    service: ServiceConversion,
    [first, ...others]: readonly ExposedSecret[],
    say: { code: ConvertCode; before: string; hint: string },
  ): void => {
    if (first === undefined) return
    const places = [first, ...others].map(({ text }) => text).join(', ')
    report({
      code: say.code,
      severity: 'warning',
      message: `${say.before}: ${places}`,
      path: service.at(...first.keys),
      hint: say.hint,
    })
  }
  for (const service of services) {
    tell(service, exposedSecrets(service, known), {
      code: 'convert/secret-exposed',
      before: 'every user who may read pods can read a secret',
      hint: 'move it into environment or a file, which go into Secrets; a command that runs in a shell can use $$NAME',
    })
    tell(service, secretsInBuild(service), {
      code: 'convert/secret-in-build',
      before: 'the image keeps a secret of its build',
      hint: 'use build.secrets and RUN --mount=type=secret',
    })
  }
}
