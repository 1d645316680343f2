/** The parts of the name of an image; empty where it has none. */
export interface ImageParts {
  repository: string
  tag: string
  digest: string
}

/** `registry:5000/shop/api:1.0@sha256:…` in its parts. */
export function imageParts(image: string): ImageParts {
  const [name = '', digest = ''] = image.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/')
    ? { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest }
    : { repository: name, tag: '', digest }
}

/** The name of an image from its parts. */
export function imageName({ repository, tag, digest }: ImageParts): string {
  return `${repository}${tag && `:${tag}`}${digest && `@${digest}`}`
}

/**
 * The name of an image in another registry; as it is where that is empty. An image without a registry is of Docker Hub, where `nginx` is
 * `library/nginx`, unless the project builds it. https://github.com/distribution/reference/blob/main/normalize.go
 */
export function imageIn(
  registry: string,
  image: string,
  as: 'registry' | 'registry-of-built',
): string {
  if (registry === '') return image
  const path = image.replace(/^(?:[^/]*[.:A-Z][^/]*|localhost)\//, '')
  const isOfficial = as === 'registry' && /^(?:(?:index\.)?docker\.io\/)?[^/]*$/.test(image)
  return `${registry}/${isOfficial ? 'library/' : ''}${path}`
}
