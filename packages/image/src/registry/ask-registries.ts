import { type AskImage, readImage } from '../read-image.ts'
import { parseImageReference } from '../reference.ts'
import { type RegistryAccess, registrySource } from './registry.ts'

/** Asks the registry that the name of an image means. */
export function askRegistries(access: RegistryAccess): AskImage {
  const silent = new Set<string>()
  return async (question) => {
    const reference = parseImageReference(question.image)
    if (reference === undefined) return { ok: false, problem: 'this is no name of an image' }
    const wanted = reference.digest ?? reference.tag ?? 'latest'
    return readImage(registrySource(reference, access, silent), wanted, question)
  }
}
