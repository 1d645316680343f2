import { randomBytes } from 'node:crypto'
import { isSecretByName } from '@landfall/diagnostic'
import {
  type Check,
  type CheckAction,
  type CheckStep,
  type Clock,
  fillJson,
  fillReferences,
  RUN_REFERENCE,
} from '@landfall/kube'
import { judge } from './expect.ts'
import { type CheckMask, checkMask } from './mask.ts'
import { PatternTooSlow } from './pattern.ts'
import { CannotTell, type CheckResult, type Got } from './result.ts'

/** The pause before a step is tried again; it doubles up to the second. */
const PAUSE_MS = { first: 100, longest: 1_000 }

/** A request that hangs leaves time for another one. */
const LEAST_MS = 1_000

/** Does one action inside the cluster. Throws a {@link CannotTell}. */
export type Act = (action: CheckAction, timeoutMs: number, signal: AbortSignal) => Promise<Got>

export interface RunOptions {
  act: Act
  /** Called when a step does not hold yet, with what was got instead. */
  onRetry?: (message: string) => void
  clock: Clock
  signal: AbortSignal
}

/**
 * Runs the steps of a check, each again and again until it holds or the time of the check is over. Throws the reason of the signal when it is
 * aborted.
 */
export async function runCheck(check: Check, options: RunOptions): Promise<CheckResult> {
  const { clock, signal } = options
  const beganAt = clock.now()
  const end = beganAt + check.withinMs
  const mask = checkMask(check.secrets)
  const values = new Map<string, unknown>([[RUN_REFERENCE, randomBytes(4).toString('hex')]])
  const base = { name: check.name, ...(check.at !== undefined && { at: check.at }) }
  for (const [index, step] of check.steps.entries()) {
    const ended = await runStep(step, values, mask, end, options)
    signal.throwIfAborted()
    if (ended === undefined) continue
    const chain = check.steps.length > 1
    return {
      ...base,
      ...ended,
      message: `${chain ? `step ${index + 1}, ` : ''}${mask.quote(describe(step.action, values))}: ${ended.message}`,
      source: chain ? `${check.source}/steps/${index}` : check.source,
      ...(chain && { step: index + 1 }),
      ms: Math.round(clock.now() - beganAt),
    }
  }
  return { ...base, state: 'holds', source: check.source, ms: Math.round(clock.now() - beganAt) }
}

/** How a step ended that does not hold, or undefined; what it captures is in `values` afterwards. */
async function runStep(
  step: CheckStep,
  values: Map<string, unknown>,
  mask: CheckMask,
  end: number,
  { act, onRetry, clock, signal }: RunOptions,
): Promise<{ state: 'fails' | 'unknown'; message: string; hint?: string } | undefined> {
  const lookup = (name: string) => values.get(name)
  const action = filled(step.action, lookup)
  const problem = problemOf(action)
  if (problem !== undefined) return { state: 'fails', message: problem }
  let pause = PAUSE_MS.first
  for (;;) {
    let last: { state: 'fails' | 'unknown'; message: string; hint?: string }
    let final = false
    const left = end - clock.now()
    try {
      const got = await act(action, Math.max(LEAST_MS, Math.min(left, left / 2 + LEAST_MS)), signal)
      const judged = judge(step, got, lookup)
      if ('captured' in judged) {
        for (const [name, value] of judged.captured) capture(name, value, values, mask)
        return undefined
      }
      const quoted = judged.quote === undefined ? '' : mask.quote(judged.quote)
      last = {
        state: 'fails',
        message: `${mask.text(judged.wrong)}${quoted === '' ? '' : `; got: ${quoted}`}`,
      }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof PatternTooSlow) return { state: 'fails', message: error.message }
      if (!(error instanceof CannotTell)) throw error
      final = error.forGood
      last = {
        state: 'unknown',
        message: mask.text(error.message),
        ...(error.hint !== undefined && { hint: error.hint }),
      }
    }
    if (final || clock.now() + pause >= end) return last
    onRetry?.(last.message)
    await clock.sleep(pause, signal)
    pause = Math.min(pause * 2, PAUSE_MS.longest)
  }
}

function capture(
  name: string,
  value: unknown,
  values: Map<string, unknown>,
  mask: CheckMask,
): void {
  values.set(name, value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (isSecretByName(name, text) || /session|cookie|jwt|auth|csrf/i.test(name)) mask.learn(text)
}

function filled(action: CheckAction, lookup: (name: string) => unknown): CheckAction {
  const fill = (text: string) => fillReferences(text, lookup)
  switch (action.kind) {
    case 'http': {
      const { send, headers } = action
      return {
        ...action,
        url: fill(action.url),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, fill(value)]),
        ),
        ...(send !== undefined && {
          send: 'json' in send ? { json: fillJson(send.json, lookup) } : { text: fill(send.text) },
        }),
      }
    }
    case 'tcp':
    case 'dns':
      return { ...action, host: fill(action.host) }
    case 'command':
      return { ...action, command: action.command.map(fill) }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these end a header or a URL
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

/** Why an action with captured values cannot be done: they come from programs. */
function problemOf(action: CheckAction): string | undefined {
  if (action.kind === 'command') {
    const hasNul = action.command.some((word) => word.includes('\0'))
    return hasNul ? 'a captured value has a NUL character' : undefined
  }
  if (action.kind !== 'http')
    return /^[\w.-]+$/.test(action.host) ? undefined : 'a captured value is not the name of a host'
  const { url, headers, send } = action
  if (!/^https?:\/\/[^/?#\s]/i.test(url)) return 'the URL with the captured values has no host'
  if (CONTROL.test(url) || /\s/.test(url))
    return 'a captured value in the URL has a blank or a control character'
  if (Object.values(headers).some((value) => CONTROL.test(value)))
    return 'a captured value in a header has a line break or a control character'
  return send !== undefined && 'text' in send && send.text.includes('\0')
    ? 'a captured value in the body has a NUL character'
    : undefined
}

function describe(action: CheckAction, values: ReadonlyMap<string, unknown>): string {
  const shown = filled(action, (name) => values.get(name))
  switch (shown.kind) {
    case 'http':
      return `${shown.method} ${shown.url}`
    case 'tcp':
      return `tcp ${shown.host}:${shown.port}`
    case 'dns':
      return `dns ${shown.host}`
    case 'command':
      return `${shown.command[0]} in ${shown.service}`
  }
}
