import type { SiteReference } from './site.ts'

/** `SITE/SERVICE`, `SITE/SERVICE:PORT`; without SITE, a service of the site itself. Undefined if it is none of them. */
export function parseReference(text: string, own?: string): SiteReference | undefined {
  const found = /^(?:([^/\s]+)\/)?([^/:\s]+)(?::(\d{1,5}))?$/.exec(text)
  const [, site = own, service = '', port] = found ?? []
  if (found === null || site === undefined) return undefined
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535)) return undefined
  return { site, service, ...(port !== undefined && { port: Number(port) }) }
}

/** `cloud/discovery:8090` */
export function referenceText({ site, service, port }: SiteReference): string {
  return `${site}/${service}${port === undefined ? '' : `:${port}`}`
}
