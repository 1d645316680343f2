import type { Span } from '@landfall/diagnostic'
import type { LandfallFile } from '../landfall-file.ts'

export type Fact = string | number | boolean

/** Settings as a part of landfall.yaml has them, and where that part is. */
export interface SiteLayer {
  /** `['sites', 'edge-{1..9}']` */
  at: readonly string[]
  settings: LandfallFile
}

/** One place where services of the project run, with everything that landfall.yaml has about it. */
export interface Site {
  name: string
  /** The key in landfall.yaml, which can be a pattern. */
  key: string
  /** The kubeconfig context; that of the command if absent. */
  context?: string
  namespace: string
  /** The name of the project at the site, which is that of the release. */
  project: string
  /** Names of services of the project, in its order. */
  services: readonly string[]
  location?: { latitude: number; longitude: number }
  /** What `{ site: NAME }` and `{{NAME}}` mean. */
  facts: Readonly<Record<string, Fact>>
  /** Where its row of a file has values, those that are empty too. */
  places: Readonly<Record<string, Span>>
  variables: Readonly<Record<string, string>>
  images: Readonly<Record<string, string>>
  platform?: string
  /** Where others reach its services, by their names, as it is declared. */
  addresses: Readonly<Record<string, string>>
  /** Services of other sites that its programs connect to without an address in the settings. */
  connectsTo: readonly SiteReference[]
  /** What the template and the site change in the settings, in their order. */
  layers: readonly SiteLayer[]
}

/** `SITE/SERVICE:PORT` */
export interface SiteReference {
  /** A pattern with `*` in `connectsTo`. */
  site: string
  service: string
  /** A container port. */
  port?: number
}

/** Why a site needs another one: its programs get the address, or restart with a service of the other one. */
export interface SiteConnection extends SiteReference {
  why: 'address' | 'restart'
  /** Where the settings of the site say so, as a JSON Pointer. */
  path: string
}

/** A published port of a service as pods elsewhere reach it. */
export interface ReachedPort {
  /** The container port. */
  port: number
  protocol: 'tcp' | 'udp'
  /** A name or an address without brackets. */
  host: string
  /** Undefined if it is not known yet: the cluster chooses it when the service is deployed. */
  number: number | undefined
}

/** Where a service of a site is reached; undefined while that is not known. */
export type ReachedAt = (site: string, service: string) => readonly ReachedPort[] | undefined
