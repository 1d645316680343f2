/** Whether a PROJECT is the name or the address of a tarball. */
export function isTarball(place: string | undefined): place is string {
  if (place === undefined) return false
  return /\.(tar|tar\.gz|tgz|zip)$/i.test(isAddress(place) ? fileNameOf(place) : place)
}

/** Whether a text is an address, of any scheme, and not a path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/** The name of the file of an address: `x.tar.gz`. */
export function fileNameOf(address: string): string {
  const path = address.replace(/^[^:]*:\/\/[^/?#]*/, '').replace(/[?#].*$/, '')
  const name = path.split('/').at(-1) ?? ''
  return /^[\w][\w.+@~-]*$/.test(name) ? name : 'tarball'
}
