/** The name of an image, taken apart. */
export interface ImageReference {
  /** `docker.io` for names without a host. */
  host: string
  /** With `library/` before the short names of Docker Hub. */
  repository: string
  /** `latest` when the name has neither tag nor digest. */
  tag?: string
  digest?: string
}

/** https://github.com/distribution/reference: a host holds a dot or a colon, or is localhost. */
const REFERENCE = (() => {
  const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
  const address = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
  const host = `(?:(?<host>localhost|(?=[^/]*[.:])${address})/)?`
  const part = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
  const tag = '(?::(?<tag>\\w[\\w.-]{0,127}))?'
  const digest = '(?:@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?'
  return new RegExp(`^${host}(?<repository>${part}(?:/${part})*)${tag}${digest}$`)
})()

/** Takes the name of an image apart as Docker does; undefined for what is not a valid name. */
export function parseImageReference(name: string): ImageReference | undefined {
  const { host: written, repository, tag, digest } = REFERENCE.exec(name)?.groups ?? {}
  if (repository === undefined) return undefined
  const host = written === undefined || written === 'index.docker.io' ? 'docker.io' : written
  const short = host === 'docker.io' && !repository.includes('/')
  return {
    host,
    repository: short ? `library/${repository}` : repository,
    ...(tag === undefined && digest === undefined ? { tag: 'latest' } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The same for a caller that needs a valid name; throws an Error that quotes the name otherwise. */
export function requireImageReference(name: string): ImageReference {
  const reference = parseImageReference(name)
  if (reference === undefined) throw new Error(`"${name}" is not a valid image name`)
  return reference
}
