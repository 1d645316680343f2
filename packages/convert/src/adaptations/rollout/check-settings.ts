import { spanOf } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { inPodOf } from '../../facts/pods.ts'
import { dataOf, usesNode, whyOnePod } from './one-pod.ts'

/** Reports a `rollout` of landfall.yaml that has no effect, that cannot be, or that lets two pods meet. */
export function checkSettings(conversion: Conversion, service: ServiceConversion): void {
  const problem = problemOf(conversion, service)
  if (problem === undefined) return
  const path = service.at('rollout')
  const at = spanOf(conversion.settingsOrigins, path)
  const severity = problem.code === 'convert/impossible-rollout' ? 'error' : 'warning'
  conversion.report({ ...problem, severity, path, ...(at === undefined ? {} : { at }) })
}

interface Problem {
  code: ConvertCode
  message: string
  hint: string
}

function problemOf(conversion: Conversion, service: ServiceConversion): Problem | undefined {
  const { settings, plan } = service
  const { rollout } = settings
  if (rollout === undefined) return undefined
  if (plan.kind === 'Job' || plan.oncePerPod !== undefined)
    return {
      code: 'convert/unused-setting',
      message: `rollout has no effect on ${service.service}, which is a one-shot`,
      hint: 'remove it: a changed one-shot runs again',
    }
  if (plan.pod !== undefined)
    return {
      code: 'convert/unused-setting',
      message: `rollout has no effect on ${service.service}, which runs in the pod of ${plan.pod}`,
      hint: `set rollout of ${plan.pod}`,
    }
  return rollout === 'recreate' ? undefined : meetingOf(conversion, service)
}

/** What two pods of a service would meet at, if it is replaced in a rolling way. */
function meetingOf(conversion: Conversion, service: ServiceConversion): Problem | undefined {
  if (service.plan.replicas > 1) return undefined
  const { volumes } = conversion.plan
  const others = inPodOf(conversion, service).filter((other) => other !== service)
  const together = [service, ...others]
  const why = whyOnePod(together, volumes)
  if (why === undefined) return undefined
  if (together.some(usesNode))
    return {
      code: 'convert/impossible-rollout',
      message: `${service.service} cannot be replaced in a rolling way: a port of a node belongs to one pod at a time`,
      hint: 'remove rollout, or expose its ports in another way (expose.type)',
    }
  const data = together.map((other) => dataOf(other, volumes)).find(Boolean)
  return {
    code: 'convert/two-at-once',
    message: `rollout of ${service.service} is rolling, but ${(data ?? why).text}`,
    hint: 'keep it only if the program allows a second one during an update, otherwise remove it',
  }
}
