import type { PlannedScale } from '../../plan/plan.ts'
import type { ServiceSettings } from '../../settings/landfall-file.ts'

/** The declared scale, as far as it is complete: what it lacks is reported by {@link scaleProblem}. */
export function scaleOf({ scale }: ServiceSettings): PlannedScale | undefined {
  const { min, max, cpu, memory } = scale ?? {}
  if (min === undefined || max === undefined || min > max) return undefined
  if (cpu === undefined && memory === undefined) return undefined
  return {
    min,
    max,
    ...(cpu === undefined ? {} : { cpu: Number.parseInt(cpu, 10) }),
    ...(memory === undefined ? {} : { memory: Number.parseInt(memory, 10) }),
  }
}

/** What a declared scale lacks by itself, with what to write. */
export function scaleProblem({
  scale,
}: ServiceSettings): { message: string; hint: string } | undefined {
  if (scale === undefined) return undefined
  const { min, max, cpu, memory } = scale
  const hint = 'scale: { min: 2, max: 6, cpu: 70% }'
  if (min === undefined || max === undefined)
    return { message: `has no ${min === undefined ? 'min' : 'max'}`, hint }
  if (min > max) return { message: `has a min of ${min}, which is more than max, ${max}`, hint }
  if (cpu === undefined && memory === undefined)
    return {
      message: 'has neither cpu nor memory, so nothing decides how many pods there are',
      hint,
    }
  return undefined
}
