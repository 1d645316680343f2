import type { EnvHttpProxyAgent } from 'undici'

/** The proxies of an environment (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in either case); this machine is reached directly. */
export async function proxyAgent(
  env: Readonly<Record<string, string | undefined>>,
): Promise<EnvHttpProxyAgent> {
  const { EnvHttpProxyAgent } = await import('undici')
  const proxy = (name: string) => env[name.toLowerCase()] ?? env[name] ?? ''
  return new EnvHttpProxyAgent({
    httpProxy: proxy('HTTP_PROXY'),
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: [proxy('NO_PROXY'), 'localhost,127.0.0.1,::1'].filter((part) => part !== '').join(),
  })
}
