import { parseSeconds } from '@landfall/compose'
import { formatSpan, spanOf, toPointer } from '@landfall/diagnostic'
import type { Check, CheckAction, CheckStep } from '@landfall/kube'
import type { Conversion } from '../conversion.ts'
import { selectorOf } from '../objects/bundle-draft.ts'
import { USUAL_SECONDS } from '../settings/check-problems.ts'
import type { CheckSettings, StepSettings } from '../settings/landfall-file.ts'
import { hostProblem, validHost } from './hosts.ts'
import { checkSecrets } from './secrets.ts'

/** Decides what each check does: names become those of the cluster, services become pods. Reports checks that can never succeed. */
export function planChecks(conversion: Conversion): void {
  const { settings, plan } = conversion
  plan.checks = Object.entries(settings.checks ?? {}).map(([name, check]) =>
    planCheck(conversion, name, check),
  )
}

function planCheck(conversion: Conversion, name: string, check: CheckSettings): Check {
  const { settingsOrigins } = conversion
  const { steps, within, ...single } = check
  const pointer = toPointer(['checks', name])
  const at = spanOf(settingsOrigins, pointer)
  return {
    name,
    source: `${at?.file ?? 'landfall.yaml'}#${pointer}`,
    ...(at !== undefined && { at: formatSpan(at, conversion.settingsSources ?? new Map()) }),
    withinMs: ((within === undefined ? undefined : parseSeconds(within)) ?? USUAL_SECONDS) * 1_000,
    steps: (steps ?? [single]).map((step, index) => {
      const path = steps === undefined ? pointer : `${pointer}/steps/${index}`
      return { action: actionOf(conversion, step, path), ...expectationsOf(step) }
    }),
    secrets: checkSecrets(conversion, name, check),
  }
}

function expectationsOf(step: StepSettings): Omit<CheckStep, 'action'> {
  const { status, exitCode, matches, json, capture, greater } = step
  const contains = step.body ?? step.output
  return {
    ...(status !== undefined && { status: [status].flat() }),
    ...(exitCode !== undefined && { exitCode }),
    ...(contains !== undefined && { contains }),
    ...(matches !== undefined && { matches }),
    ...(json !== undefined && { json }),
    ...(capture !== undefined && { capture }),
    ...(greater !== undefined && { greater }),
  }
}

function actionOf(conversion: Conversion, step: StepSettings, pointer: string): CheckAction {
  const problem = hostProblem(conversion, step)
  if (problem !== undefined) report(conversion, pointer, ...problem)
  if (step.exec !== undefined) return commandOf(conversion, step.exec, pointer)
  if (step.tcp !== undefined) {
    const at = step.tcp.lastIndexOf(':')
    const host = validHost(conversion, step.tcp.slice(0, at))
    return { kind: 'tcp', host, port: Number(step.tcp.slice(at + 1)) }
  }
  if (step.dns !== undefined) return { kind: 'dns', host: validHost(conversion, step.dns) }
  const { http = '', send, method, headers = {} } = step
  return {
    kind: 'http',
    method: method ?? (send === undefined ? 'GET' : 'POST'),
    url: withValidHost(conversion, http),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ),
    ...(send !== undefined && { send: typeof send === 'string' ? { text: send } : { json: send } }),
  }
}

/** The URL with the name that resolves in the cluster. */
function withValidHost(conversion: Conversion, url: string): string {
  return url.replace(
    /^(https?:\/\/(?:[^@/?#]*@)?)([^:/?#[\]{}]+)/i,
    (_, before: string, host: string) => before + validHost(conversion, host),
  )
}

function commandOf(
  conversion: Conversion,
  { service = '', command = [] }: NonNullable<StepSettings['exec']>,
  pointer: string,
): CheckAction {
  const target = conversion.serviceOf(service)
  const pods = target === undefined ? {} : selectorOf(conversion.plan, target.plan)
  const container = conversion.plan.pods
    .flatMap((pod) => [...pod.steps, ...pod.containers])
    .find(({ phase, of }) => phase === 'program' && of === service)?.name
  if (target === undefined || container === undefined)
    report(
      conversion,
      `${pointer}/exec`,
      `no container of the project runs ${service}`,
      'use a service that runs in the cluster',
    )
  else if (target.plan.kind === 'Job' || target.plan.oncePerPod !== undefined)
    report(
      conversion,
      `${pointer}/exec`,
      `${service} is a one-shot: its container has ended when the checks run`,
      'run the command in a service that keeps running',
    )
  else if (target.plan.replicas === 0)
    report(conversion, `${pointer}/exec`, `${service} has no pods`, 'set replicas to 1 or more')
  return { kind: 'command', service, container: container ?? service, pods, command }
}

function report(conversion: Conversion, pointer: string, message: string, hint: string): void {
  const at = spanOf(conversion.settingsOrigins, pointer)
  conversion.report({
    code: 'convert/wrong-check',
    severity: 'error',
    message,
    path: pointer,
    ...(at !== undefined && { at }),
    hint,
  })
}
