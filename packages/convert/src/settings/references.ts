import { isIP } from 'node:net'
import type { Project } from '@landfall/compose'
import { type Diagnostic, type Origins, spanOf, toPointer } from '@landfall/diagnostic'
import { toDnsLabel } from '@landfall/kube'
import type { ConvertCode } from '../codes.ts'
import { isDisabled } from '../facts/disabled.ts'
import { declaredOneShot } from '../facts/one-shot/declared-one-shot.ts'
import { runsWhenGone } from '../facts/one-shot/runs-when-gone.ts'
import { checkProblems } from './check-problems.ts'
import { effectProblems } from './effect-problems.ts'
import type { LandfallFile } from './landfall-file.ts'
import { suggestion } from './validate.ts'

/**
 * What the schema cannot say: that named services and volumes exist, and that an effect is one. `inside` is where the
 * settings stand in the file, and `base` those that they override.
 */
export function checkReferences(
  settings: LandfallFile,
  project: Project,
  origins: Origins,
  inside: readonly string[] = [],
  base: LandfallFile = settings,
): Diagnostic<ConvertCode>[] {
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const add = (
    code: ConvertCode,
    path: (string | number)[],
    message: string,
    hint: string,
  ): void => {
    const pointer = toPointer([...inside, ...path])
    const at = spanOf(origins, pointer)
    diagnostics.push({
      code,
      severity: 'error',
      message,
      path: pointer,
      ...(at === undefined ? {} : { at }),
      hint,
    })
  }
  const services = Object.keys(project.services)
  for (const service of Object.keys(settings.services ?? {}))
    if (!services.includes(service))
      add(
        'convert/unknown-service',
        ['services', service],
        `there is no service "${service}"`,
        suggestion(service, services),
      )
  const volumes = Object.keys(project.volumes ?? {})
  for (const volume of Object.keys(settings.volumes ?? {}))
    if (!volumes.includes(volume) && !/^[./~]/.test(volume))
      add(
        'convert/unknown-volume',
        ['volumes', volume],
        `there is no volume "${volume}"`,
        suggestion(volume, volumes),
      )
  for (const [name, { address, host, addressOf, ports }] of Object.entries(
    settings.external ?? {},
  )) {
    const problem = externalProblem(address, host, addressOf, ports)
    if (services.includes(name) && !isDisabled(settings, name) && !isDisabled(base, name))
      add(
        'convert/wrong-external',
        ['external', name],
        `${name} is also the name of a service`,
        'rename one of them',
      )
    else if (problem !== undefined)
      add('convert/wrong-external', ['external', name], `${name} ${problem[0]}`, problem[1])
  }
  for (const [service, { environment = {} }] of Object.entries(settings.services ?? {}))
    for (const [variable, { secret }] of Object.entries(environment))
      if (secret === undefined)
        add(
          'convert/unknown-variable',
          ['services', service, 'environment', variable],
          `${variable} has no Secret`,
          `set the name of a Secret: ${variable}: { secret: ${toDnsLabel(service)} }`,
        )
  for (const { code, path, message, hint } of checkProblems(settings.checks ?? {}, services))
    add(code, ['checks', ...path], message, hint)
  for (const [service, keys] of Object.entries(settings.services ?? {})) {
    const { restartsWith = [] } = keys
    if (Array.isArray(restartsWith))
      // SITE/SERVICE is looked up with the sites
      for (const [index, name] of restartsWith.entries())
        if (!services.includes(name) && !name.includes('/'))
          add(
            'convert/unknown-service',
            ['services', service, 'restartsWith', index],
            `there is no service "${name}"`,
            suggestion(name, services),
          )
    const overridden = base.services?.[service] ?? {}
    const doneWhen = [keys, overridden].map((one) => declaredOneShot(one)?.doneWhen)
    if (runsWhenGone(keys) && doneWhen.every((one) => one === undefined))
      add(
        'convert/no-effect',
        ['services', service, 'oneShot', 'again'],
        'whenGone requires doneWhen',
        'set doneWhen to the effect that shows that the work is done: http, tcp or dns',
      )
  }
  for (const { code, path, message, hint } of effectProblems(settings, services, base))
    add(code, path, message, hint)
  return diagnostics
}

/** What is wrong with a service outside of the project, and what to do. */
function externalProblem(
  address: string | undefined,
  host: string | undefined,
  addressOf: string | undefined,
  ports: unknown,
): [problem: string, hint: string] | undefined {
  if ([address, host, addressOf].filter((one) => one !== undefined).length !== 1)
    return ['requires either address, host or addressOf', 'set one of them']
  if (address !== undefined && isIP(address) === 0)
    return [
      `has an invalid IP address: ${address}`,
      'use an IPv4 or IPv6 address, or host for a name',
    ]
  if (address !== undefined && /^(127\.|169\.254\.|0\.0\.0\.0$|::1?$|fe80:)/i.test(address))
    return [
      `is ${address}, which is the pod itself in a cluster`,
      'use an address that pods can reach',
    ]
  return address === undefined && ports !== undefined
    ? ['has ports, which are only valid with address', 'remove them, or use address']
    : undefined
}
