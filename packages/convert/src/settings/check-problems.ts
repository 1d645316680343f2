import { parseSeconds } from '@landfall/compose'
import { isReferenceName, RUN_REFERENCE, referencesIn } from '@landfall/kube'
import type { ConvertCode } from '../codes.ts'
import type { CheckSettings, LandfallFile, StepSettings } from './landfall-file.ts'
import { suggestion } from './validate.ts'

/** Something that is wrong with the checks, at a path below `checks`. */
export interface CheckProblem {
  code: ConvertCode
  path: (string | number)[]
  message: string
  hint: string
}

const KINDS = ['http', 'tcp', 'dns', 'exec'] as const
type Kind = (typeof KINDS)[number]

/** Which kinds a key belongs to. */
const KEYS: Readonly<Record<Exclude<keyof StepSettings, Kind>, readonly Kind[]>> = {
  method: ['http'],
  headers: ['http'],
  send: ['http'],
  status: ['http'],
  body: ['http'],
  exitCode: ['exec'],
  output: ['exec'],
  matches: ['http', 'exec'],
  json: ['http', 'exec'],
  capture: ['http', 'exec'],
  greater: ['http', 'exec'],
}

/** Limits, so that the checks of a revision fit into its Secret and a failing one ends. */
const MOST = { checks: 100, steps: 50, characters: 128 * 1024, pattern: 1_000, seconds: 3600 }

/** Time for a check that sets none, in seconds. */
export const USUAL_SECONDS = 30

/** What the schema cannot say about checks. */
export function checkProblems(
  checks: NonNullable<LandfallFile['checks']>,
  services: readonly string[],
): CheckProblem[] {
  const problems: CheckProblem[] = []
  const entries = Object.entries(checks)
  const wrong = (path: (string | number)[], message: string, hint: string) =>
    problems.push({ code: 'convert/wrong-check', path, message, hint })
  if (entries.length > MOST.checks)
    wrong([], `there are more than ${MOST.checks} checks`, 'combine some of them to chains (steps)')
  if (JSON.stringify(checks).length > MOST.characters)
    wrong([], 'the checks are larger than 128 KiB', 'send shorter texts')
  for (const [name, check] of entries) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?$/.test(name))
      wrong(
        [name],
        `"${name}" is not a valid name of a check`,
        'use at most 63 letters, digits, blanks, dots, dashes and underscores',
      )
    problems.push(
      ...problemsOf(check, services).map((one) => ({ ...one, path: [name, ...one.path] })),
    )
  }
  return problems
}

function problemsOf(check: CheckSettings, services: readonly string[]): CheckProblem[] {
  const problems: CheckProblem[] = []
  const add = (
    path: (string | number)[],
    message: string,
    hint: string,
    code: ConvertCode = 'convert/wrong-check',
  ) => problems.push({ code, path, message, hint })
  const { steps, within, ...single } = check
  const seconds = within === undefined ? USUAL_SECONDS : parseSeconds(within)
  if (seconds === undefined || seconds <= 0 || seconds > MOST.seconds)
    add(['within'], `within cannot be ${within}`, 'use a time of at most an hour: 30s, 2m')
  if (steps !== undefined) {
    for (const key of Object.keys(single))
      add([key], `${key} is not valid next to steps`, 'move it into one of the steps')
    if (steps.length === 0) add(['steps'], 'steps is empty', 'add a step')
    if (steps.length > MOST.steps)
      add(['steps'], `there are more than ${MOST.steps} steps`, 'make several checks of them')
  }
  const known = new Set([RUN_REFERENCE])
  for (const [index, step] of (steps ?? [single]).entries()) {
    const at = steps === undefined ? [] : ['steps', index]
    const within = (path: (string | number)[]) => [...at, ...path]
    for (const [path, message, hint] of [
      ...kindProblems(step, services),
      ...valueProblems(step, step.capture ?? {}),
    ])
      add(within(path), message, hint)
    const { greater = {}, capture = {}, json, ...others } = step
    const before = [...known]
    for (const name of new Set(referencesIn([others, json])))
      if (!known.has(name)) add(at, ...unknownCapture(name, before), 'convert/unknown-capture')
    for (const name of Object.keys(capture)) known.add(name)
    for (const name of new Set([...Object.keys(greater), ...referencesIn(greater)]))
      if (!known.has(name))
        add(within(['greater']), ...unknownCapture(name, [...known]), 'convert/unknown-capture')
  }
  return problems
}

type Problem = [path: (string | number)[], message: string, hint: string]

function unknownCapture(name: string, known: readonly string[]): [string, string] {
  const captured = known.filter((one) => one !== RUN_REFERENCE)
  return [
    `no earlier step captures "${name}"`,
    captured.length === 0
      ? `add capture: { ${name}: … } to an earlier step; \\{{${name}}} is a text that is not replaced`
      : suggestion(name, captured),
  ]
}

function kindProblems(step: StepSettings, services: readonly string[]): Problem[] {
  const kinds = KINDS.filter((kind) => step[kind] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1)
    return [[[], 'a check requires exactly one of http, tcp, dns, exec, steps', 'set one of them']]
  const problems: Problem[] = []
  for (const [key, allowed] of Object.entries(KEYS))
    if (step[key as keyof StepSettings] !== undefined && !allowed.includes(kind))
      problems.push([
        [key],
        `${key} is only valid with ${allowed.join(' and ')}`,
        key === 'body' ? 'use output for commands' : 'remove it',
      ])
  if (step.exec !== undefined) {
    const { service, command } = step.exec
    if (service === undefined) problems.push([['exec'], 'exec has no service', 'set exec.service'])
    else if (!services.includes(service))
      problems.push([
        ['exec', 'service'],
        `there is no service "${service}"`,
        suggestion(service, services),
      ])
    if (command === undefined || command.length === 0 || command[0] === '')
      problems.push([['exec'], 'exec has no command', 'set exec.command: [program, argument]'])
  }
  return problems
}

function valueProblems(
  step: StepSettings,
  captures: NonNullable<StepSettings['capture']>,
): Problem[] {
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    if (!/^[-A-Za-z0-9!#$%&'*+.^_`|~]+$/.test(name))
      problems.push([['headers', name], `"${name}" is not a valid name of a header`, 'rename it'])
    if (hasControl(String(value)))
      problems.push([
        ['headers', name],
        `${name} has a line break or a control character`,
        'remove it',
      ])
  }
  if (typeof step.send === 'string' && step.send.includes('\0'))
    problems.push([['send'], 'send has a NUL character', 'remove it'])
  for (const pointer of Object.keys(step.json ?? {}))
    if (!isPointer(pointer)) problems.push(wrongPointer(['json', pointer], pointer))
  if (step.matches !== undefined) problems.push(...patternProblems(['matches'], step.matches))
  for (const [name, capture] of Object.entries(captures)) {
    const path = ['capture', name]
    if (!isReferenceName(name) || name === RUN_REFERENCE)
      problems.push([
        path,
        `"${name}" is not a valid name of a captured value`,
        name === RUN_REFERENCE
          ? '{{run}} is a random text for each run'
          : 'use letters, digits, dashes and underscores, and begin with a letter',
      ])
    const { json, header, regex } = capture
    if ([json, header, regex].filter((one) => one !== undefined).length !== 1)
      problems.push([
        path,
        'a capture requires exactly one of json, header, regex',
        'set one of them',
      ])
    if (json !== undefined && !isPointer(json)) problems.push(wrongPointer([...path, 'json'], json))
    if (header !== undefined && step.http === undefined)
      problems.push([[...path, 'header'], 'header is only valid with http', 'use regex or json'])
    if (regex !== undefined) problems.push(...patternProblems([...path, 'regex'], regex))
  }
  return problems
}

function patternProblems(path: string[], pattern: string): Problem[] {
  if (pattern.length > MOST.pattern)
    return [
      [path, `the regular expression is longer than ${MOST.pattern} characters`, 'shorten it'],
    ]
  try {
    new RegExp(pattern, 'm')
    return []
  } catch (error) {
    const [, why = ''] = /\/\w*: (.*)$/s.exec((error as Error).message) ?? []
    return [
      [path, `the regular expression is not valid: ${why}`, 'the syntax is that of JavaScript'],
    ]
  }
}

function isPointer(text: string): boolean {
  return text === '' || (/^\//.test(text) && !/~(?![01])/.test(text))
}

function wrongPointer(path: string[], text: string): Problem {
  return [
    path,
    `"${text}" is not a JSON Pointer`,
    `it begins with a slash: /items/0/name; ~1 is a slash and ~0 a tilde in a key`,
  ]
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these end a header
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)
}
