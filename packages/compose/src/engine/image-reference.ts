const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const host = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])`
const pathPart = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const name = `(?:${host}(?::[0-9]+)?/)?${pathPart}(?:/${pathPart})*`
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const reference = new RegExp(`^${name}(?::\\w[\\w.-]{0,127})?(?:@${digest})?$`)

/**
 * Why Docker refuses the name of an image, in its words, and what to write instead where that is sure; undefined: it is valid.
 * Reference: https://github.com/distribution/reference
 */
export function invalidImage(
  image: string,
): { readonly message: string; readonly hint?: string } | undefined {
  if (/^[a-f0-9]{64}$/.test(image)) return undefined // an image of this machine, by its id
  const { domain, rest } = splitDomain(image)
  const repository = rest.split(/[:@]/, 1)[0] ?? ''
  if (repository !== repository.toLowerCase()) {
    const written = repository.startsWith('library/') ? repository.slice(8) : repository
    return {
      message: `invalid reference format: repository name (${repository}) must be lowercase`,
      hint: `Write "${image.replace(written, written.toLowerCase())}".`,
    }
  }
  if (reference.test(`${domain}/${rest}`)) return undefined
  const hint = hintFor(image)
  return { message: `invalid reference format: "${image}"`, ...(hint !== undefined && { hint }) }
}

/** The registry of a name and what follows it. A first part is a registry if it has a dot, a port or a capital letter. */
function splitDomain(image: string): { domain: string; rest: string } {
  const slash = image.indexOf('/')
  const first = image.slice(0, Math.max(slash, 0))
  if (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
    return { domain: first, rest: image.slice(slash + 1) }
  return { domain: 'docker.io', rest: slash === -1 ? `library/${image}` : image }
}

function hintFor(image: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(image)) return `Write "${image.replace(/^[a-z]+:\/\//i, '')}".`
  if (image.endsWith(':'))
    return 'The tag is empty: set the variable that it comes from, or remove the colon.'
  if (/\s/.test(image)) return 'Remove the spaces.'
  return undefined
}
