/** An image name, taken apart. */
export interface Reference {
  /** `docker.io` when the name has no host. */
  host: string
  /** With `library/` in front of the short names of Docker Hub. */
  repository: string
  /** `latest` when the name has neither tag nor digest. */
  tag?: string
  digest?: string
}

/**
 * Takes an image name apart as Docker and containerd do: the first part is a host when it holds a
 * dot or a colon, or is `localhost`; a name without a host is of Docker Hub.
 * Throws an Error when the text is no image name.
 */
export function parseReference(image: string): Reference {
  const [withoutDigest = '', digest, ...rest] = image.split('@')
  const slash = withoutDigest.indexOf('/')
  const first = slash === -1 ? '' : withoutDigest.slice(0, slash)
  const hasHost = first === 'localhost' || /[.:]/.test(first)
  const path = hasHost ? withoutDigest.slice(slash + 1) : withoutDigest
  const [name = '', tag, ...more] = path.split(':')
  const host = hasHost && first !== 'index.docker.io' ? first : 'docker.io'
  if (!repositoryPattern.test(name) || rest.length > 0 || more.length > 0)
    throw new Error(`"${image}" is not an image name`)
  if (tag !== undefined && !tagPattern.test(tag))
    throw new Error(`"${image}" is not an image name: "${tag}" is not a tag`)
  const repository = host === 'docker.io' && !name.includes('/') ? `library/${name}` : name
  if (digest !== undefined)
    return tag === undefined ? { host, repository, digest } : { host, repository, tag, digest }
  return { host, repository, tag: tag ?? 'latest' }
}

/** https://github.com/distribution/reference: path components in lower case, joined by slashes. */
const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagPattern = /^\w[\w.-]{0,127}$/
