import { shortHash } from './hash.ts'

/** Longest DNS label, label value, Service name and Job name. */
const LABEL_LENGTH = 63

/** Longest DNS subdomain, and key in a ConfigMap. */
const SUBDOMAIN_LENGTH = 253

/** Longest name of a port. */
const PORT_NAME_LENGTH = 15

/**
 * Cuts a name to a length, with a hash of the whole at its end, so that two long names that begin alike stay two.
 * A name that fits is left as it is.
 */
function cutName(name: string, whole: string, maxLength: number): string {
  if (name.length <= maxLength) return name
  const hash = shortHash(whole).slice(0, 6)
  return `${name.slice(0, maxLength - hash.length - 1).replace(/[-._]+$/, '')}-${hash}`
}

/**
 * Whether a text is a DNS label: the name of most objects, and a host name.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function isDnsLabel(text: string): boolean {
  return text.length <= LABEL_LENGTH && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)
}

/**
 * Whether a text is a DNS name of one or more labels: a host, a search domain.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function isDnsName(text: string): boolean {
  return text.length <= SUBDOMAIN_LENGTH && text.split('.').every(isDnsLabel)
}

/**
 * The valid DNS label nearest to a text: `My_Service` is `my-service`. A valid one is left as it is.
 * Different texts can become one label (`a_b`, `a-b`): callers that name several things have to check for that.
 * `maxLength` leaves room for what is added later, such as the hash of a Job's name (52).
 */
export function toDnsLabel(text: string, maxLength: number = LABEL_LENGTH): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (gap) => '-'.repeat(/^-+$/.test(gap) ? gap.length : 1))
    .replace(/^-+|-+$/g, '')
  return label === '' ? `x-${shortHash(text).slice(0, 6)}` : cutName(label, text, maxLength)
}

/**
 * Whether a text can name a Service: a DNS label that begins with a letter.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export function isServiceName(text: string): boolean {
  return isDnsLabel(text) && /^[a-z]/.test(text)
}

/** The valid Service name nearest to a text: `1st_db` is `s-1st-db`. A valid one is left as it is. */
export function toServiceName(text: string, maxLength: number = LABEL_LENGTH): string {
  const label = toDnsLabel(text, maxLength)
  return /^[a-z]/.test(label) ? label : cutName(`s-${label}`, text, maxLength)
}

/**
 * The valid port name nearest to a text: at most 15 of `a-z0-9-`, a letter among them, no two hyphens in a row.
 * https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
 */
export function toPortName(text: string): string {
  const name = toDnsLabel(text).replace(/-{2,}/g, '-')
  return cutName(/[a-z]/.test(name) ? name : `p-${name}`, text, PORT_NAME_LENGTH)
}

/**
 * The valid label value nearest to a text, letters of either case, digits and `-_.` inside; empty stays empty.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function toLabelValue(text: string): string {
  const value = text.replace(/[^-A-Za-z0-9_.]+/g, '-').replace(/^[-_.]+|[-_.]+$/g, '')
  return cutName(value, text, LABEL_LENGTH)
}

/**
 * The valid ConfigMap or Secret key nearest to a file's path: `conf.d/web site.conf` is `conf.d_web_site.conf`.
 * https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object
 */
export function toDataKey(path: string): string {
  const key = path.replace(/[^-A-Za-z0-9_.]+/g, '_')
  return cutName(/^\.{0,2}$/.test(key) ? `_${key}` : key, path, SUBDOMAIN_LENGTH)
}

/**
 * Whether every supported Kubernetes takes a text as the name of an environment variable (newer ones take more).
 * https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
 */
export function isEnvironmentName(text: string): boolean {
  return /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(text)
}
