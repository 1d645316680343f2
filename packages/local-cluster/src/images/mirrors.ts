/** Where a machine gets Debian's packages from. */
export interface DebianMirrors {
  archive: string
  security: string
}

/** Debian's own servers. */
export const debianServers: DebianMirrors = {
  archive: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
}

/** The mirrors that the machine's apt sources name, in either of apt's two formats; Debian's own where they name none. */
export function debianMirrors(sources: readonly string[]): DebianMirrors {
  const uris = sources
    .flatMap((text) => text.split('\n'))
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.match(/\bhttps?:\/\/\S+/g) ?? [])
    .map((uri) => uri.replace(/\/$/, ''))
  return {
    archive: uris.find((uri) => uri.endsWith('/debian')) ?? debianServers.archive,
    security: uris.find((uri) => uri.endsWith('/debian-security')) ?? debianServers.security,
  }
}

/** The sources of one suite with its updates, as apt's deb822 file. */
export function suiteSources(codename: string, mirrors: DebianMirrors, keyring: string): string {
  const stanza = (uri: string, suites: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${keyring}\n`
  return [
    stanza(mirrors.archive, `${codename} ${codename}-updates`),
    stanza(mirrors.security, `${codename}-security`),
  ].join('\n')
}
