import { type AskImage, readImage } from '../read-image.ts'
import { parseImageReference } from '../reference.ts'
import { type RegistryAccess, registrySource } from './registry.ts'

/** Reads images from the registries that their names mean. */
export function askRegistries(access: RegistryAccess): AskImage {
  const silent = new Set<string>()
  return async (question) => {
    const reference = parseImageReference(question.image)
    if (reference === undefined) return { ok: false, problem: 'not a valid image name' }
    const wanted = reference.digest ?? reference.tag ?? 'latest'
    return readImage(registrySource(reference, access, silent), wanted, question)
  }
}
