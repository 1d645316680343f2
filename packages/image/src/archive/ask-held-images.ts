import { type AskImage, readImage } from '../read-image.ts'
import { parseImageReference } from '../reference.ts'
import type { HeldImages } from './held-images.ts'

/**
 * Reads images of a folder or archive by any form of its name (`redis:7` is `docker.io/library/redis:7`). Where it is
 * `meant` for one image, its only image is taken, whatever its name.
 */
export function askHeldImages({ source, names }: HeldImages, meant?: string): AskImage {
  const byName = new Map([...names].map(([name, digest]) => [fullName(name), digest]))
  return async (question) => {
    const name = fullName(question.image)
    const only = new Set(names.values()).size === 1 ? [...names.values()][0] : undefined
    const digest =
      byName.get(name) ?? (meant !== undefined && fullName(meant) === name ? only : undefined)
    if (digest === undefined) return { ok: false, problem: 'the image is not in it' }
    return readImage(source, digest, question)
  }
}

function fullName(name: string): string {
  const { host, repository, tag, digest } = parseImageReference(name) ?? {
    host: '',
    repository: name,
  }
  return `${host}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}
