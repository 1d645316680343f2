import type { Fetch } from '@landfall/image'
import { EnvHttpProxyAgent, fetch } from 'undici'

const THIS_MACHINE = 'localhost,127.0.0.1,::1'

/** A `fetch` that takes the proxies of the user's environment. */
export function proxiedFetch(env: Readonly<Record<string, string>>): Fetch {
  const setting = (name: string) => env[name.toLowerCase()] ?? env[name]
  const proxies = {
    httpProxy: setting('HTTP_PROXY'),
    httpsProxy: setting('HTTPS_PROXY'),
    noProxy: [setting('NO_PROXY'), THIS_MACHINE].filter(Boolean).join(','),
  }
  const dispatcher = new EnvHttpProxyAgent(
    Object.fromEntries(Object.entries(proxies).filter(([, value]) => value !== undefined)),
  )
  return (url, init) => fetch(url, { ...init, dispatcher })
}
