/**
 * The keys by which the API server knows the elements of lists that are merged, by the name of the field; lists that are not here are replaced as
 * a whole. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
const ELEMENT_KEYS: Readonly<Record<string, readonly string[]>> = {
  claims: ['name'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
}

/** A container has a protocol for each port whether it is written or not. */
const DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' }

/** The keys of the elements of a list, from its field and one of its elements; undefined for a list that is replaced as a whole. */
export function keysOf(field: string, element: unknown): readonly string[] | undefined {
  if (field !== 'ports') return Object.hasOwn(ELEMENT_KEYS, field) ? ELEMENT_KEYS[field] : undefined
  const port = ['containerPort', 'port'].find((key) => Object.hasOwn(Object(element), key))
  return port === undefined ? undefined : [port, 'protocol']
}

/** `[web]`, `[80/TCP]` */
export function elementName(keys: readonly string[], element: unknown): string {
  const values = keys.map((key) => (element as Record<string, unknown>)[key] ?? DEFAULTS[key])
  return `[${values.join('/')}]`
}
