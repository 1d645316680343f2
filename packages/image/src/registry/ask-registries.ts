import { LIMITS, runBudget, startBudget } from '../budget.ts'
import { type AskImage, readImage } from '../read-image.ts'
import { parseImageReference } from '../reference.ts'
import { type RegistryAccess, registrySource } from './registry.ts'

/** Reads images from the registries that their names mean; what all of them may cost together is limited. */
export function askRegistries(access: RegistryAccess): AskImage {
  const silent = new Set<string>()
  const { image, run } = access.limits ?? LIMITS
  const all = runBudget(run)
  return async (question) => {
    const reference = parseImageReference(question.image)
    if (reference === undefined) return { ok: false, problem: 'not a valid image name' }
    const wanted = reference.digest ?? reference.tag ?? 'latest'
    const budget = startBudget(image, 'the image', all)
    const source = registrySource(reference, access, silent, budget)
    return all.during(readImage(source, wanted, question))
  }
}
