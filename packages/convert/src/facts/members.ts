import { parseImageReference } from '@landfall/image'
import type { ServiceConversion } from '../conversion.ts'
import { mostCopies } from './most-copies.ts'
import { placeText } from './names/place.ts'
import { hostsIn, type NamingText, namesIn, namingTexts } from './names/references.ts'
import { programOf } from './programs.ts'

/** A service of a cluster whose members name each other. */
export interface Membership {
  /** All of them, sorted. */
  members: string[]
  /** Where one names the others: `environment.ZOO_SERVERS of zoo1`. */
  where: string
}

/** What a variable, a flag or a key is called that lists the members of a cluster. */
const CLUSTER_WORD =
  /cluster|peer|member|seed|join|gossip|quorum|raft|replica|nodes|initial.?hosts|unicast|gcomm|discovery|bootstrap|voters|wsrep|zoo_?servers|routes|eureka|(^|\n)\s*server\.\d+\s*=/i

/** Commands that make a cluster of the hosts that they name, whoever runs them. */
const MAKES_CLUSTER =
  /--cluster\s+create|cluster\s+meet|rs\.initiate|replSetInitiate|_cluster_setup|join_cluster|cluster\s+join|group_replication/i

/** Characters of a file before and after a name in which a word says what it is for. */
const BEFORE = 200
const AFTER = 40

/** Characters between two names of one list. */
const LIST_GAP = 40

/**
 * The members of clusters: long-running services of one image and program of which one names another in a list of
 * members, or that a service of the same image lists.
 */
export function membersOf(services: readonly ServiceConversion[]): Map<string, Membership> {
  const groups = sameProgram(services)
  const memberships = new Map<string, Membership>()
  for (const group of groups) {
    const links = services.flatMap((owner) => linksOf(owner, group))
    for (const { services: linked, where } of connected(links)) {
      const members = linked.map(({ service }) => service).sort()
      if (members.length > 1 || linked.some(isCopied))
        for (const member of members) memberships.set(member, { members, where })
    }
  }
  return memberships
}

/** Copies of one service find each other by its name. */
function isCopied({ plan }: ServiceConversion): boolean {
  return mostCopies(plan) > 1 || plan.kind === 'DaemonSet'
}

/** Long-running services by what they run, where it is more than one pod. */
function sameProgram(services: readonly ServiceConversion[]): ServiceConversion[][] {
  const groups = new Map<string, ServiceConversion[]>()
  for (const service of services) {
    if (service.plan.kind === 'Job' || service.plan.replicas === 0) continue
    const key = JSON.stringify([imageOf(service), programOf(service)])
    groups.set(key, [...(groups.get(key) ?? []), service])
  }
  return [...groups.values()].filter((group) => group.length > 1 || group.some(isCopied))
}

function imageOf({ compose }: ServiceConversion): unknown {
  return compose.image ?? compose.build
}

/** `redis:7` and `redis:7.2` are of one repository: a tool may have another tag than the servers. */
function repositoryOf(service: ServiceConversion): string {
  const image = imageOf(service)
  const name = typeof image === 'string' ? parseImageReference(image) : undefined
  return name === undefined ? JSON.stringify(image) : `${name.host}/${name.repository}`
}

/** Services of one group that a text names together. */
interface Link {
  services: ServiceConversion[]
  where: string
}

function linksOf(owner: ServiceConversion, group: readonly ServiceConversion[]): Link[] {
  const [first] = group
  const isMember = group.includes(owner)
  const sameImage = first !== undefined && repositoryOf(owner) === repositoryOf(first)
  return namingTexts(owner).flatMap((text) => {
    const listed = listedIn(text, group)
    const others = listed.some(({ service }) => service !== owner)
    const named = [...new Set(listed.map(({ service }) => service))]
    const inCluster = new Set(listed.filter(({ near }) => near).map(({ service }) => service))
    const inList = new Set(listed.filter(({ list }) => list).map(({ service }) => service))
    const where = `${placeText(text.place)} of ${owner.service}`
    const copies = isMember && isCopied(owner) && inCluster.has(owner)
    if (copies && !others) return [{ services: [owner], where }]
    if (isMember && inCluster.size > 0 && [...inCluster].some((one) => one !== owner))
      return [{ services: [owner, ...inCluster], where }]
    if (sameImage && inList.size > 1 && (!isMember || inList.has(owner)))
      return [{ services: [...inList], where }]
    if (!isMember && sameImage && inCluster.size > 1) return [{ services: [...inCluster], where }]
    return MAKES_CLUSTER.test(text.text) && named.length > 1 ? [{ services: named, where }] : []
  })
}

interface Listed {
  service: ServiceConversion
  /** A word near it says that it is a member of a cluster. */
  near: boolean
  /** Another one of the group stands beside it. */
  list: boolean
}

/** Every place of a text that names a service of the group. */
function listedIn(naming: NamingText, group: readonly ServiceConversion[]): Listed[] {
  const { variable, short } = naming
  const named = namesIn(naming)
  const names = group.flatMap(({ plan }) => plan.names)
  if (!names.some(({ name, written }) => named.has(name) || named.has(written.toLowerCase())))
    return []
  const { text: expanded, hosts } = hostsIn(naming)
  const lead = variable === undefined ? '' : `${variable}=`
  const found = hosts.flatMap(({ name, at }) => {
    const service = group.find(({ plan }) =>
      plan.names.some((one) => one.name === name || one.written.toLowerCase() === name),
    )
    return service === undefined ? [] : [{ service, at, length: name.length }]
  })
  // `peer1` in a value says nothing about what the value is for.
  let unnamed = expanded
  for (const { at, length } of found)
    unnamed = unnamed.slice(0, at) + '_'.repeat(length) + unnamed.slice(at + length)
  return found.map(({ service, at, length }) => ({
    service,
    near: CLUSTER_WORD.test(
      short ? lead + unnamed : unnamed.slice(Math.max(0, at - BEFORE), at + AFTER),
    ),
    list: found.some(
      (other) => other.service !== service && isBeside(unnamed, { at, length }, other),
    ),
  }))
}

interface Place {
  at: number
  length: number
}

/** Two names in one list: near each other, and no other statement or line begins between them. */
function isBeside(text: string, one: Place, other: Place): boolean {
  const [first, second] = one.at < other.at ? [one, other] : [other, one]
  const between = text.slice(first.at + first.length, second.at)
  return between.length <= LIST_GAP && !/[<>\n]|&&|\|\||;\s/.test(between)
}

/** Links with a service in common are one cluster. */
function connected(links: readonly Link[]): Link[] {
  const clusters: Link[] = []
  for (const { services, where } of links) {
    const touched = clusters.filter((known) => known.services.some((one) => services.includes(one)))
    const all = [...touched.flatMap((known) => known.services), ...services]
    for (const known of touched) clusters.splice(clusters.indexOf(known), 1)
    clusters.push({ services: [...new Set(all)], where: touched[0]?.where ?? where })
  }
  return clusters
}
