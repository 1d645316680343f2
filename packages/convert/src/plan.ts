import type { Effect } from './landfall-file.ts'

/** What is decided before any object is made. */
export interface Plan {
  project: string
  services: ServicePlan[]
}

export interface ServicePlan {
  service: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job'
  names: string[]
  gates: Gate[]
  ready?: Effect
}

/** One wait of a service's gate, in the words of the gate's list. */
export interface Gate {
  wait: string
  because: string
}
