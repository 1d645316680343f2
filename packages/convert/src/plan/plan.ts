import type { Check, KeeperSettings } from '@landfall/kube'
import type { BindPlan, VolumePlan } from './mounts.ts'
import type { PodPlan } from './pod-plan.ts'
import type { Protocol, ServicePlan } from './service-plan.ts'

export type * from './mounts.ts'
export type * from './needs.ts'
export type * from './pod-plan.ts'
export type * from './service-plan.ts'

/** What is decided before any object is made. */
export interface Plan {
  project: string
  /** Each with its workload, sorted by service. */
  pods: PodPlan[]
  /** Sorted by service. */
  services: ServicePlan[]
  volumes: VolumePlan[]
  /** What becomes of binds, sorted by path. */
  binds: BindPlan[]
  /** Services outside of the project. */
  external: ExternalPlan[]
  /** Names that several services answer to in turn. */
  sharedNames: SharedName[]
  /** What has to hold when everything is ready, in the order of landfall.yaml. */
  checks: Check[]
  /** Images in which small work beside the programs is done. */
  images: { gate: string; tools: string }
  /** What restarts services and runs one-shots again; absent where nothing is declared that needs it. */
  keeper?: KeeperPlan
}

/** The pod that keeps a release. */
export interface KeeperPlan {
  image: string
  /** The text of its program. */
  program: string
  /** Jobs with their names before the hash of their content. */
  settings: KeeperSettings
}

/** A name that resolves to the pods of several services in turn. */
export interface SharedName {
  name: string
  /** Their keys, the owner first. */
  services: string[]
}

/** A name that services connect to and that no service of the project has. */
export interface ExternalPlan {
  /** As the services write it. */
  written: string
  /** The valid name that resolves. */
  name: string
  /** One of the two. */
  address?: string
  host?: string
  /** `to` is the port at the address. */
  ports: { port: number; to: number; protocol: Protocol }[]
  /** TCP ports to which services connect, each with one of them; if omitted, not known. */
  connected?: { port: number; by: string }[]
}
