import { posix } from 'node:path'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** Where something of a service is mounted, and the key that says so. */
function targetsOf({ plan, at }: ServiceConversion): { target: string; pointer: string }[] {
  return [
    ...plan.files
      .filter(({ fills }) => fills === undefined)
      .map(({ target, pointer = at() }) => ({ target, pointer })),
    ...[...plan.volumes, ...plan.scratch, ...plan.hostPaths].map(({ target }) => ({
      target,
      pointer: at('volumes'),
    })),
  ]
}

/** What neither Docker's engine nor Kubernetes mounts: relative targets, the root, targets with a colon, one twice. */
export function checkTargets(conversion: Conversion): void {
  for (const service of conversion.services) {
    const taken = new Set<string>()
    for (const { target, pointer } of targetsOf(service)) {
      const path = posix.normalize(`${target}/`)
      const problem =
        !target.startsWith('/') || target.includes(':') || path === '/'
          ? 'not a valid mount path'
          : taken.has(path)
            ? 'two mounts at the same path'
            : undefined
      taken.add(path)
      if (problem !== undefined)
        conversion.report({
          code: 'convert/wrong-target',
          severity: 'error',
          message: `${target} in the containers of ${service.service}: ${problem}`,
          path: pointer,
          hint: 'use an absolute path without a colon, and each path once',
        })
    }
  }
}
