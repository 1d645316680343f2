import type { ConvertCode } from '../codes.ts'
import { TIME_KEYS } from '../facts/effects/times.ts'
import { declaredOneShot } from '../facts/one-shot/declared-one-shot.ts'
import { runsWhenGone } from '../facts/one-shot/runs-when-gone.ts'
import type { Effect, LandfallFile } from './landfall-file.ts'
import { suggestion } from './validate.ts'

const KINDS = [
  ...['http', 'tcp', 'dns', 'job', 'file', 'command', 'zookeeper', 'amqp', 'sql', 'not'],
] as const satisfies (keyof Effect)[]

type Kind = (typeof KINDS)[number]

/** What only one kind of effect has. */
const OF_HTTP = ['method', 'headers', 'send', 'status', 'body'] as const

/** What a kind of effect cannot do without, and how it is written. */
const REQUIRED: Readonly<Partial<Record<Kind, readonly [keys: readonly string[], form: string]>>> =
  {
    amqp: [['queue', 'at'], 'amqp: { queue: NAME, at: HOST }'],
    sql: [['to', 'query'], 'sql: { to: SERVICE, query: SELECT … }'],
  }

/** Why a kind cannot be used at a place where others can. */
const WHY_NOT: Readonly<Partial<Record<Kind, string>>> = {
  command:
    'a gate has no programs of the service; use another effect, or give the service ready: { command: … } and wait for it with depends_on',
}

/** Where an effect is used. */
type Place = 'waitsFor' | 'ready' | 'alive' | 'doneWhen' | 'again'

const ALLOWED: Readonly<Record<Place, readonly Kind[]>> = {
  waitsFor: ['http', 'tcp', 'dns', 'job', 'file', 'zookeeper', 'amqp', 'sql', 'not'],
  ready: ['http', 'tcp', 'command', 'sql'],
  alive: ['http', 'tcp', 'dns', 'command', 'sql'],
  doneWhen: ['http', 'tcp', 'dns', 'file', 'zookeeper', 'amqp', 'sql', 'not'],
  // from the pod of the keeper, which has no client of a database
  again: ['http', 'tcp', 'dns'],
}

export interface EffectProblem {
  code: ConvertCode
  path: (string | number)[]
  message: string
  hint: string
}

/**
 * What is wrong with the effects of a file: that an effect is one, that it can be observed where it is, and that what it names exists. `base`: the
 * settings that these override.
 */
export function effectProblems(
  settings: LandfallFile,
  services: readonly string[],
  base: LandfallFile,
): EffectProblem[] {
  return effectsOf(settings, base).flatMap(({ path, effect, place }) => {
    const problems = [
      ...problemsOf(path, effect, ALLOWED[place], services),
      ...timeProblems(path, effect, place),
    ]
    if (effect.not === undefined || problems.length > 0) return problems
    const allowed = ALLOWED[place].filter((kind) => kind !== 'not' && kind !== 'job')
    return problemsOf([...path, 'not'], effect.not, allowed, services)
  })
}

/** An effect that is waited for is tested until it holds. */
function timeProblems(path: (string | number)[], effect: Effect, place: Place): EffectProblem[] {
  if (place !== 'waitsFor' && place !== 'doneWhen') return []
  if (TIME_KEYS.every((key) => effect[key] === undefined)) return []
  return [
    {
      code: 'convert/wrong-effect',
      path,
      message: `${TIME_KEYS.join(', ')} are only valid where an effect is tested as long as the service runs`,
      hint: 'remove them, or use them in ready, alive, or a doneWhen with again: whenGone',
    },
  ]
}

function problemsOf(
  path: (string | number)[],
  effect: Effect,
  allowed: readonly Kind[],
  services: readonly string[],
): EffectProblem[] {
  const kinds = KINDS.filter((kind) => effect[kind] !== undefined)
  const [kind] = kinds
  if (kinds.length !== 1 || kind === undefined)
    return [
      {
        code: 'convert/no-effect',
        path,
        message: `an effect requires exactly one of ${allowed.join(', ')}`,
        hint: 'set one of them',
      },
    ]
  if (!allowed.includes(kind))
    return [
      {
        code: 'convert/wrong-effect',
        path,
        message: `${kind} is not supported here`,
        hint: WHY_NOT[kind] ?? `use ${allowed.join(', ')}`,
      },
    ]
  if (kind !== 'http' && OF_HTTP.some((key) => effect[key] !== undefined))
    return [
      {
        code: 'convert/no-effect',
        path,
        message: 'method, headers, send, status and body are only valid with http',
        hint: 'remove them',
      },
    ]
  if (effect.job !== undefined && !services.includes(effect.job))
    return [
      {
        code: 'convert/unknown-service',
        path: [...path, 'job'],
        message: `there is no service "${effect.job}"`,
        hint: suggestion(effect.job, services),
      },
    ]
  const [required = [], form = ''] = REQUIRED[kind] ?? []
  const missing = required.filter((key) => !Object.hasOwn(Object(effect[kind]), key))
  if (missing.length === 0) return []
  const message = `${kind} has no ${missing.join(' and no ')}`
  return [{ code: 'convert/no-effect', path: [...path, kind], message, hint: `write ${form}` }]
}

interface Used {
  path: (string | number)[]
  effect: Effect
  place: Place
}

/** Each effect with its path; one that another environment only runs again is at that place as well. */
function effectsOf(settings: LandfallFile, base: LandfallFile): Used[] {
  const found: Used[] = []
  for (const [service, keys] of Object.entries(settings.services ?? {})) {
    const at = ['services', service]
    for (const [index, effect] of (keys.waitsFor ?? []).entries())
      found.push({ path: [...at, 'waitsFor', index], effect, place: 'waitsFor' })
    for (const key of ['ready', 'alive'] as const)
      if (keys[key] !== undefined) found.push({ path: [...at, key], effect: keys[key], place: key })
    const { doneWhen, again } = declaredOneShot(keys) ?? {}
    const overridden = base.services?.[service] ?? {}
    const inherited = declaredOneShot(overridden)?.doneWhen
    const runsAgain = runsWhenGone(again === undefined ? overridden : keys)
    const place = runsAgain ? 'again' : 'doneWhen'
    if (doneWhen !== undefined)
      found.push({ path: [...at, 'oneShot', 'doneWhen'], effect: doneWhen, place })
    else if (again !== undefined && runsAgain && inherited !== undefined)
      found.push({ path: [...at, 'oneShot', 'again'], effect: inherited, place })
  }
  return found
}
