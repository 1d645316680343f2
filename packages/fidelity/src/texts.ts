import type { Project, Service } from '@landfall/compose'
import type { Cluster, Program } from './cluster.ts'
import { bytesOf } from './files.ts'
import type { Json } from './json.ts'

/** A text as the program sees it: Kubernetes makes `$` of `$$`, and replaces `$(NAME)` where the name is a variable. */
export function seen(
  text: string,
  variables: ReadonlyMap<string, string | null> = new Map(),
): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (all, name) =>
    all === '$$' ? '$' : (variables.get(name) ?? all),
  )
}

/** What the program finds in its environment; null where the value is in an object that is not there. */
export function environmentOf(
  { container }: Program,
  cluster: Cluster,
): Map<string, string | null> {
  const found = new Map<string, string | null>()
  for (const source of container.envFrom ?? []) {
    const [kind, { name }] = source.secretRef
      ? ['Secret', source.secretRef]
      : ['ConfigMap', source.configMapRef]
    const object = cluster.find(kind, name)
    for (const key of Object.keys({ ...object?.data, ...object?.stringData }))
      found.set(`${source.prefix ?? ''}${key}`, valueIn(object, key))
  }
  for (const { name, value, valueFrom } of container.env ?? [])
    found.set(
      name,
      valueFrom === undefined ? seen(value ?? '', found) : referred(valueFrom, cluster),
    )
  return found
}

function referred({ secretKeyRef, configMapKeyRef }: Json, cluster: Cluster): string | null {
  const [kind, reference] = secretKeyRef ? ['Secret', secretKeyRef] : ['ConfigMap', configMapKeyRef]
  return reference === undefined ? null : valueIn(cluster.find(kind, reference.name), reference.key)
}

function valueIn(object: Json, key: string): string | null {
  const bytes = object === undefined ? undefined : bytesOf(object, key)
  return bytes === undefined ? null : Buffer.from(bytes).toString('utf8')
}

/** A name that the peers of a service can dial, and where the project says so. */
export interface PeerName {
  name: string
  from: 'service' | 'container_name' | 'hostname' | 'alias' | 'link'
  service: string
  /** Keys below the service. */
  at: (string | number)[]
}

/** Every name that a peer can dial. */
export function peerNames({ services }: Project): PeerName[] {
  return Object.entries(services).flatMap(([service, keys]) => [
    { name: service, from: 'service', service, at: [] } satisfies PeerName,
    ...otherNames(service, keys),
    ...linkNames(service, keys, services),
  ])
}

function otherNames(service: string, keys: Service): PeerName[] {
  const names: PeerName[] = []
  for (const key of ['container_name', 'hostname'] as const)
    if (keys[key] !== undefined) names.push({ name: keys[key], from: key, service, at: [key] })
  for (const [network, attached] of Object.entries(keys.networks ?? {}))
    for (const [index, name] of (attached?.aliases ?? []).entries())
      names.push({ name, from: 'alias', service, at: ['networks', network, 'aliases', index] })
  return names
}

/** `links: [db:mysql]` makes `mysql` a name of db; told at the service that has the link. */
function linkNames(
  service: string,
  { links = [] }: Service,
  services: Project['services'],
): PeerName[] {
  return links.flatMap((link, index) => {
    const [target = '', name] = link.split(':')
    return name === undefined || services[target] === undefined
      ? []
      : [{ name, from: 'link', service: target, at: ['..', service, 'links', index] }]
  })
}

/** A DNS label, which a Service can be named after whatever its case. */
export function isHostLabel(name: string): boolean {
  return /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/i.test(name)
}

/**
 * Whether the program sees the text that the project has. Names that no Service can have may stand there in a legal
 * form: `my_db` as `my-db`.
 */
export function sameText(written: string, found: string, project: Project): boolean {
  if (written === found) return true
  if (hasNamesForAddresses(written, found, project)) return true
  const rewritten = peerNames(project).some(
    ({ name }) => !isHostLabel(name) && written.includes(name),
  )
  return rewritten && legalForm(written) === legalForm(found)
}

/** Whether a text has the name of a service wherever the project has its fixed address, which a pod cannot have. */
function hasNamesForAddresses(written: string, found: string, { services }: Project): boolean {
  const fixed = Object.entries(services).flatMap(([service, { networks, hostname }]) =>
    Object.values(networks ?? {}).flatMap((attachment) => {
      const address = attachment?.ipv4_address
      const names = hostname === undefined ? [service] : [service, hostname]
      return typeof address === 'string' ? [{ address, names }] : []
    }),
  )
  const spell = (text: string): string =>
    fixed.reduce(
      (spelt, { address, names }) =>
        names.reduce((one, name) => one.replaceAll(name, address), spelt),
      text,
    )
  return fixed.some(({ address }) => written.includes(address)) && spell(written) === spell(found)
}

/** A text in which every spelling of one name is the same: `My_Db`, `my-db`; `1st`, `s-1st`. */
export function legalForm(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$|\bs-(?=\d)/g, '')
}
