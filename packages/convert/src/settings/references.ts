import { isIP } from 'node:net'
import type { Project } from '@landfall/compose'
import { type Diagnostic, type Origins, spanOf, toPointer } from '@landfall/diagnostic'
import { toDnsLabel } from '@landfall/kube'
import type { ConvertCode } from '../codes.ts'
import { isDisabled } from '../facts/disabled.ts'
import { TIME_KEYS } from '../facts/effects/times.ts'
import { declaredOneShot } from '../facts/one-shot/declared-one-shot.ts'
import { checkProblems } from './check-problems.ts'
import type { Effect, LandfallFile } from './landfall-file.ts'
import { suggestion } from './validate.ts'

/** Keys that http alone has. */
const HTTP_KEYS = ['method', 'headers', 'send', 'status', 'body'] as const

const KINDS = ['http', 'tcp', 'dns', 'job', 'file', 'command'] as const

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
  for (const [name, { address, host, ports }] of Object.entries(settings.external ?? {})) {
    const problem = externalProblem(address, host, ports)
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
      for (const [index, name] of restartsWith.entries())
        if (!services.includes(name))
          add(
            'convert/unknown-service',
            ['services', service, 'restartsWith', index],
            `there is no service "${name}"`,
            suggestion(name, services),
          )
    const { again, doneWhen } = declaredOneShot(keys) ?? {}
    const whenGone = again === 'whenGone' || again?.whenGone === true
    if (whenGone && (doneWhen === undefined || doneWhen.file !== undefined))
      add(
        'convert/no-effect',
        ['services', service, 'oneShot', 'again'],
        `whenGone requires ${doneWhen === undefined ? 'doneWhen' : 'a doneWhen that can be tested from another pod'}`,
        'set doneWhen to the effect that shows that the work is done: http, tcp or dns',
      )
  }
  for (const [path, effect, allowed, times] of effectsOf(settings)) {
    const kinds = KINDS.filter((kind) => effect[kind] !== undefined)
    const [kind] = kinds
    if (kinds.length !== 1 || kind === undefined)
      add(
        'convert/no-effect',
        path,
        'an effect requires exactly one of http, tcp, dns, job, file, command',
        'set one of them',
      )
    else if (!allowed.includes(kind))
      add(
        'convert/wrong-effect',
        path,
        `${kind} is not supported here`,
        `use ${allowed.join(', ')}`,
      )
    else if (kind !== 'http' && HTTP_KEYS.some((key) => effect[key] !== undefined))
      add(
        'convert/no-effect',
        path,
        'method, headers, send, status and body are only valid with http',
        'remove them',
      )
    else if (times === undefined && TIME_KEYS.some((key) => effect[key] !== undefined))
      add(
        'convert/wrong-effect',
        path,
        'after, interval, failures and timeout are only valid where an effect is tested for as long as the service runs',
        'remove them, or use them in ready, alive, or a doneWhen with again: whenGone',
      )
    if (effect.job !== undefined && !services.includes(effect.job))
      add(
        'convert/unknown-service',
        [...path, 'job'],
        `there is no service "${effect.job}"`,
        suggestion(effect.job, services),
      )
  }
  return diagnostics
}

/** What is wrong with a service outside of the project, and what to do. */
function externalProblem(
  address: string | undefined,
  host: string | undefined,
  ports: unknown,
): [problem: string, hint: string] | undefined {
  if ((address === undefined) === (host === undefined))
    return ['requires either address or host', 'set one of them']
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
  return host !== undefined && ports !== undefined
    ? ['has ports, which are only valid with address', 'remove them, or use address']
    : undefined
}

type Kind = (typeof KINDS)[number]

/** Each effect with its path and what it may be there. */
function effectsOf(
  settings: LandfallFile,
): [path: (string | number)[], effect: Effect, kinds: readonly Kind[], times?: true][] {
  const found: ReturnType<typeof effectsOf> = []
  for (const [service, keys] of Object.entries(settings.services ?? {})) {
    const at = ['services', service]
    for (const [index, effect] of (keys.waitsFor ?? []).entries())
      found.push([[...at, 'waitsFor', index], effect, ['http', 'tcp', 'dns', 'job', 'file']])
    if (keys.ready !== undefined)
      found.push([[...at, 'ready'], keys.ready, ['http', 'tcp', 'command'], true])
    if (keys.alive !== undefined)
      found.push([[...at, 'alive'], keys.alive, ['http', 'tcp', 'dns', 'command'], true])
    const { doneWhen, again } = declaredOneShot(keys) ?? {}
    const kinds = ['http', 'tcp', 'dns', 'file'] as const
    const isTested = again === 'whenGone' || again?.whenGone === true
    const path = [...at, 'oneShot', 'doneWhen']
    if (doneWhen !== undefined && isTested) found.push([path, doneWhen, kinds, true])
    else if (doneWhen !== undefined) found.push([path, doneWhen, kinds])
  }
  return found
}
