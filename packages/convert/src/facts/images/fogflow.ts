import { parseImageReference } from '@landfall/image'

const PARTS = ['discovery', 'broker', 'master', 'worker', 'designer'] as const

export type FogflowPart = (typeof PARTS)[number]

/** Which program of FogFlow an image is; its images for ARM have a name of their own. */
export function fogflowPart(image: string | undefined): FogflowPart | undefined {
  const repository = parseImageReference(image ?? '')?.repository
  const [, name] = /(?:^|\/)fogflow\/([^/]+?)(?:_arm)?$/.exec(repository ?? '') ?? []
  return PARTS.find((part) => part === name)
}
