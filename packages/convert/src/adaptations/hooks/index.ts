import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import type { ServicePlan } from '../../plan/plan.ts'
import { type Hook, hooksOf, scriptOf, whyImpossible } from './hook.ts'
import { reason } from './reasons.ts'
import { killCommand } from './signal.ts'

const WAIT_FOR_END = 'while kill -0 1 2>/dev/null; do sleep 1; done'

/** An init container that is no sidecar has no lifecycle; the program of a one-shot with a checker runs as one. */
function hasLifecycle({ settings, plan }: ServiceConversion): boolean {
  const declared = declaredOneShot(settings)
  return (
    plan.oncePerPod === undefined &&
    (declared?.doneWhen === undefined || declared.neverExits === true)
  )
}

/** In a pod of one process namespace that is the pause process. */
function isProcessOne({ plan, settings }: ServiceConversion): boolean {
  const besideChecker = declaredOneShot(settings)?.neverExits === true
  return plan.sharesProcesses !== true && !besideChecker
}

/** The hooks of one kind that a pod can run. */
function possible(service: ServiceConversion, key: 'post_start' | 'pre_stop'): Hook[] {
  return hasLifecycle(service)
    ? hooksOf(service.compose[key]).filter((hook) => whyImpossible(service, hook) === undefined)
    : []
}

function noteHooks(service: ServiceConversion, key: 'post_start' | 'pre_stop'): void {
  for (const [index, hook] of hooksOf(service.compose[key]).entries()) {
    const problem = hasLifecycle(service) ? whyImpossible(service, hook) : reason('init-container')
    service.note([key, index], problem ?? reason(key === 'post_start' ? 'post-start' : 'pre-stop'))
  }
}

/** What sends the signal where the container runtime would send another; it sends the one that the image names. */
function signalOf({ compose, image }: ServiceConversion): string | undefined {
  const wanted = killCommand(compose.stop_signal ?? '')
  return wanted === killCommand(image.facts.stopSignal ?? 'SIGTERM') ? undefined : wanted
}

function noteSignal(service: ServiceConversion): void {
  const { compose, note } = service
  if (compose.stop_signal === undefined) return
  const key = ['stop_signal']
  if (killCommand(compose.stop_signal) === undefined)
    note(key, reason('no-signal', { signal: compose.stop_signal }))
  else if (signalOf(service) === undefined) note(key, reason('image-signal'))
  else if (!isProcessOne(service)) note(key, reason('not-pid-1'))
  else note(key, reason(hasLifecycle(service) ? 'signal-by-hook' : 'no-signal-hook'))
}

function planHooks(service: ServiceConversion): ServicePlan['hooks'] {
  const start = possible(service, 'post_start')
  const stop = possible(service, 'pre_stop')
  const signal = hasLifecycle(service) && isProcessOne(service) ? signalOf(service) : undefined
  const afterStart = commandOf(start, ' && ')
  const beforeStop =
    signal === undefined
      ? commandOf(stop, '; ')
      : ['/bin/sh', '-c', [...stop.map(scriptOf), `${signal} && ${WAIT_FOR_END}`].join('; ')]
  return {
    ...(afterStart === undefined ? {} : { afterStart }),
    ...(beforeStop === undefined ? {} : { beforeStop }),
  }
}

/** One plain command runs as it stands; everything else needs a shell. */
function commandOf(hooks: readonly Hook[], between: string): string[] | undefined {
  const [first] = hooks
  if (first === undefined) return undefined
  const plain = first.directory === undefined && first.environment.length === 0
  if (hooks.length === 1 && plain) return first.command
  return ['/bin/sh', '-c', hooks.map(scriptOf).join(between)]
}

export default {
  id: 'hooks',
  reasons: reason,
  title: 'Run hooks after start and before stop, and send the stop signal',
  plan({ services }) {
    for (const service of services) {
      noteHooks(service, 'post_start')
      noteHooks(service, 'pre_stop')
      noteSignal(service)
      service.plan.hooks = planHooks(service)
    }
  },
  build(draft) {
    // What runs before the stop is written by drain: a container has one handler of that kind.
    // The kubelet runs hooks as they stand: unlike in commands, arguments and probes, `$(NAME)` is not replaced.
    for (const { service, container } of containersOf(draft, 'program')) {
      const { afterStart } = service.hooks
      if (afterStart !== undefined)
        container.lifecycle = { postStart: { exec: { command: afterStart } } }
    }
  },
} satisfies Adaptation
