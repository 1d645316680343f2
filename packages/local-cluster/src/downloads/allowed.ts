import type { Dispatcher } from 'undici'

/** Why a file of an address is not downloaded; undefined if it is. Plain http is for servers of this machine. */
export function addressProblem(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is not a valid address'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '')
    return 'it has a login, which would be in the project: download the file, and use its path'
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname)))
    return undefined
  return url.protocol === 'http:'
    ? 'http is not accepted, because others can change and read what it transfers: use https'
    : `${url.protocol.slice(0, -1)} is not accepted: use https`
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * A dispatcher that leaves out requests to which a redirect of `address` must not lead: from https to http, and from this machine to
 * another one without https. `refuse` gets the reason before such a request fails.
 */
export function withinScheme(
  agent: Dispatcher,
  address: string,
  refuse: (reason: string) => void,
): Dispatcher {
  const { protocol: first } = new URL(address)
  return agent.compose((dispatch) => (options, handler) => {
    const { protocol, hostname, origin } = new URL(String(options.origin))
    const isAllowed =
      protocol === 'https:' ||
      (protocol === first && protocol === 'http:' && isThisMachine(hostname))
    if (!isAllowed) {
      const reason = `it redirects to ${origin}, and ${first.slice(0, -1)} is not left for ${protocol.slice(0, -1)}`
      refuse(reason)
      throw new Error(reason)
    }
    return dispatch(options, handler)
  })
}
