import type { Fetch } from '@landfall/image'
import { EnvHttpProxyAgent, fetch } from 'undici'

/** A `fetch` that takes the proxies of the user's environment. */
export function proxiedFetch(env: Readonly<Record<string, string>>): Fetch {
  const setting = (name: string) => env[name.toLowerCase()] ?? env[name]
  const proxies = {
    httpProxy: setting('HTTP_PROXY'),
    httpsProxy: setting('HTTPS_PROXY'),
    noProxy: setting('NO_PROXY'),
  }
  const dispatcher = new EnvHttpProxyAgent(
    Object.fromEntries(Object.entries(proxies).filter(([, value]) => value !== undefined)),
  )
  return (url, init) => fetch(url, { ...init, dispatcher })
}
