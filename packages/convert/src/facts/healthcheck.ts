import type { Healthcheck } from '@landfall/compose'
import type { ServiceConversion } from '../conversion.ts'

/**
 * The health check that Docker would run: the project's, each key that it leaves out taken from the image.
 * https://docs.docker.com/reference/compose-file/services/#healthcheck
 */
export function healthcheckOf({
  compose,
  image,
  plan,
}: ServiceConversion): Healthcheck | undefined {
  const declared = compose.healthcheck
  const ofImage = image.facts.healthcheck
  if (declared === undefined) return ofImage?.test[0] === 'NONE' ? undefined : ofImage
  if (declared.disable === true) return declared
  const test = plan.healthTest === undefined ? {} : { test: plan.healthTest }
  return { ...ofImage, ...declared, ...test }
}

/** Whether the project switches the health check off: `disable: true`, or `test: [NONE]`. */
export function isHealthDisabled({ compose }: ServiceConversion): boolean {
  const { disable, test } = compose.healthcheck ?? {}
  return disable === true || test?.[0] === 'NONE'
}

/** Whether only the image could have a test of health, and nothing was read of the image. */
export function isHealthUnknown(service: ServiceConversion): boolean {
  if (isHealthDisabled(service) || service.settings.ready !== undefined) return false
  return healthcheckOf(service)?.test === undefined && service.image.unknown !== undefined
}
